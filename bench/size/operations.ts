import pg from 'pg';
import { namesTold } from '../../functions/domain/model/first-names.ts';
import type { Answer, Ask, Input } from '../../functions/sql/contract.ts';
import { APP_ROLE } from '../../packages/local-aws/postgres/database.ts';
import { type Size, SizeStage } from './stage.ts';

/** One operation: the longest time where it was asked more than once. */
export interface Figure {
  operation: string;
  ms: number;
  statements: number;
  /** Of the answer as JSON. */
  bytes: number;
}

const applicationRoles = [APP_ROLE];
const plan = { engine: 'postgres', replication: 'logical', from: '15.8', to: '17.4' } as const;

/** The life of a way back at this size: every operation, in the order of the state machines. */
export async function measureSize(
  majors: { target: string; production: string },
  size: Size,
): Promise<Figure[]> {
  const stage = await SizeStage.open(majors);
  try {
    await stage.fill(size);
    await stage.multiply(size.databases);
    const figures = new Map<string, Figure>();
    await live(stage, (what, input, called = what) => measure(stage, figures, called, what, input));
    return [...figures.values()];
  } finally {
    await stage.close();
  }
}

/** Asks and measures. `called`: the line of the table, where one question has several. */
type Asking = <A extends Ask>(
  what: A,
  input: Omit<Input<A>, 'executionArn' | 'login'>,
  called?: string,
) => Promise<Answer<A>>;

async function live({ sides, databases }: SizeStage, ask: Asking): Promise<void> {
  const { production, target } = sides;
  const held = { ...production, databases, applicationRoles };
  await ask('preconditions', { ...target, plan, told: namesTold });
  await ask('read-side', { ...target, depth: 'catalogs' });
  await ask('compare-schema', { blue: target, green: production });
  await ask('facts', { ...target, applicationRoles });
  for (let left = 1; left > 0; )
    ({ left } = await ask('analyze-step', { ...production, withinSeconds: 60, tableSeconds: 20 }));
  const { changes } = await ask('hold-writes', held);
  await ask('secure', { ...held, changes: changes ?? {} });
  await ask('release-writes', held);
  await ask('fence', { ...target, databases }, 'fence the target');
  await ask('attach', { ...sides, databases });
  await ask('watch', { ...sides, databases });
  await ask('watch', { ...sides, databases }, 'watch again');
  await ask('read-streams', { ...sides, databases });
  const { positions } = await ask('fence', { ...production, databases });
  for (let open = true; open; ) {
    const { databases: found } = await ask('drained', { ...production, positions });
    open = found.some(({ drained }) => !drained);
  }
  await ask('foreign-writers', { ...production, databases });
  for (const by of ['counts', 'checksums'] as const)
    await ask('compare', { ...sides, databases, by, withinSeconds: 300 }, `compare ${by}`);
  await ask('detach', { ...target, databases });
  await ask('set-sequences', { ...sides, databases });
  await ask('open', { open: target, closed: production, databases });
  await ask('probe-write', { ...target, databases, applicationRoles: [] });
  await ask('leftovers', { ...target, databases, applicationRoles });
  for (const place of [production, target]) await ask('close', { ...place, databases, applicationRoles });
}

async function measure<A extends Ask>(
  stage: SizeStage,
  figures: Map<string, Figure>,
  operation: string,
  what: A,
  input: Omit<Input<A>, 'executionArn' | 'login'>,
): Promise<Answer<A>> {
  const before = sent;
  const began = performance.now();
  const answer = await stage.ask(what, input);
  const ms = performance.now() - began;
  const known = figures.get(operation);
  if (!known || known.ms < ms) {
    const bytes = Buffer.byteLength(JSON.stringify(answer));
    figures.set(operation, { operation, ms, statements: sent - before, bytes });
  }
  return answer;
}

let sent = 0;
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function count(this: pg.Client, ...given: unknown[]) {
  sent += 1;
  return (query as (...given: unknown[]) => unknown).apply(this, given);
} as typeof query;
