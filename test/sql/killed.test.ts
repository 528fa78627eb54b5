import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Ask, Asked } from '../../functions/sql/contract.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';
import { CUT } from '../../packages/local-aws/test/postgres/plane.ts';
import { type Doom, SqlProcess } from '../../rehearsal/sql/sql-process.ts';
import { expectWhole, type Watched, writeAndWatch } from './no-row-lost.ts';
import {
  applicationRoles,
  ask,
  databases,
  type Given,
  holdAndCount,
  openGreenStage,
  production,
  question,
  RUN,
  sides,
  target,
  until,
} from './stage.ts';

/** `npm run kills` kills at every statement of every operation; `npm test` at the middle one, and after the return. */
const everywhere = (import.meta as { env?: { MODE?: string } }).env?.MODE === 'kills';

/** Statement 2 is not sent when the process was killed after the answer to statement 1: so only the first has a death before it. */
function planDeaths(statements: number): Doom[] {
  const middle = Math.ceil(statements / 2);
  const chosen = everywhere ? Array.from({ length: statements }, (_, index) => index + 1) : [middle];
  return [
    ...(everywhere ? ([{ moment: 'before', statement: 1 }] as const) : []),
    ...chosen.flatMap((statement): Doom[] => [
      { moment: 'sent', statement },
      { moment: 'answered', statement },
    ]),
    { moment: 'returned' },
  ];
}

/** A process takes a third of a second to begin, so the next one begins while this one works. */
let spare = new SqlProcess();

function askProcess<A extends Ask>(what: A, input: Given<A>, doom?: Doom) {
  const process = spare;
  spare = new SqlProcess();
  const question = { ask: what, executionArn: RUN, login: { user: 'viridian' }, ...input };
  return process.ask(question as unknown as Asked, doom);
}

/** As the states do it: what still writes on the other side, such as the stream that applies, is waited for. */
async function askAgain<A extends Ask>(what: A, input: Given<A>): Promise<Answer<A>> {
  for (;;) {
    const reply = await question(what, input as never);
    if (reply.kind === 'answer') return reply.facts as Answer<A>;
    // The killed one's statement may still change the same row of a catalog, which the server calls an internal error.
    if (reply.code === 'XX000') continue;
    if (reply.kind === 'failed' || reply.code !== 'writers') throw new Error(`${what}: ${reply.because}`);
  }
}

/**
 * Kills an operation in one place after the other, each time from the same beginning, and asks again: that answers what it answers when
 * nobody was killed. At the end it is done.
 * @param undo puts back what was done
 * @param same what does not depend on the moment
 */
async function kill<A extends Ask>(
  what: A,
  input: Given<A>,
  {
    undo,
    same = (facts) => facts,
  }: { undo?: () => Promise<unknown>; same?: (facts: Answer<A>) => unknown } = {},
): Promise<void> {
  const { statements = 0, reply } = (await askProcess(what, input)) ?? {};
  if (reply?.kind !== 'answer') throw new Error(`${what}: ${JSON.stringify(reply)}`);
  const usual = same(reply.facts as Answer<A>);
  for (const doom of planDeaths(statements)) {
    await killProcess(what, input, doom, undo);
    expect({ doom, facts: same(await askAgain(what, input)) }).toEqual({ doom, facts: usual });
  }
}

/** A process that survives took fewer rounds to wait for sessions that end than the one whose statements were counted: the next dies earlier. */
async function killProcess<A extends Ask>(
  what: A,
  input: Given<A>,
  doom: Doom,
  undo?: () => Promise<unknown>,
): Promise<void> {
  await undo?.();
  if (!(await askProcess(what, input, doom))) return;
  if (doom.moment === 'returned' || doom.statement === 1) throw new Error(`${what} survives ${doom.moment}`);
  await killProcess(what, input, { ...doom, statement: Math.ceil(doom.statement / 2) }, undo);
}

let plane: PostgresDataPlane;
let watched: Watched;
let changes: Record<string, string>;

beforeAll(async () => {
  plane = await openGreenStage();
  watched = await writeAndWatch(plane);
}, 300_000);

afterAll(async () => {
  await watched?.workload.stop();
  await watched?.observer.stop();
  await spare.end();
  await plane?.dispose();
});

const held = () => ({ ...production(plane), databases, applicationRoles });
const there = () => ({ ...production(plane), databases });
const here = () => ({ ...target(plane), databases });
const both = () => ({ ...sides(plane), databases });
const back = () => ({ open: target(plane), closed: production(plane), databases });
const stay = () => ({ open: production(plane), closed: target(plane), databases });

async function writeOn(): Promise<void> {
  const { workload } = watched;
  const before = workload.acknowledged;
  await until(() => workload.acknowledged > before + 50);
}

/** What the stream still applies on the target makes it a side on which something writes. */
const streamRests = () =>
  until(async () => (await ask('foreign-writers', here())).writers.every(({ writing }) => !writing));

async function forgetSequences(): Promise<void> {
  await plane.database('db-blue').sql.query(
    `BEGIN READ WRITE; SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1)
       FROM pg_sequences WHERE schemaname = '${WORKLOAD_SCHEMA}'; COMMIT`,
  );
}

describe('an operation whose process is killed is done once when it is asked for again', {
  timeout: everywhere ? 1_800_000 : 300_000,
}, () => {
  it('hold-writes and release-writes', async () => {
    await kill('hold-writes', held(), {
      undo: () => ask('release-writes', held()),
      same: ({ held: roles }) => roles,
    });
    await kill('release-writes', held(), { undo: () => ask('hold-writes', held()) });
    await ask('hold-writes', held());
  });

  it('secure and close, while writes are held after the cut', async () => {
    expect(await plane.cutOver(CUT)).toEqual({ done: true });
    changes = await holdAndCount(held());
    const secured = { ...held(), changes };
    await kill('secure', secured, {
      undo: () => ask('close', held()),
      same: (facts) => facts.secured.map(({ database, slot }) => ({ database, slot })),
    });
    await kill('close', held(), { undo: () => ask('secure', secured) });
    await ask('secure', secured);
    await ask('release-writes', held());
    await writeOn();
  });

  it('attach to what is attached, while the application writes', async () => {
    await ask('fence', here());
    await ask('attach', both());
    await kill('attach', both());
    await writeOn();
  });

  it('fence, and open to stay on new production', async () => {
    await kill('fence', there(), {
      undo: async () => {
        await streamRests();
        await ask('open', stay());
      },
      same: ({ positions }) => Object.keys(positions),
    });
    await streamRests();
    await kill('open', stay(), {
      undo: async () => {
        await ask('fence', there());
        await streamRests();
      },
    });
    await writeOn();
  });

  it('drained, foreign-writers, compare and probe-write, which change nothing that counts', async () => {
    const { positions } = await ask('fence', there());
    const question = { ...production(plane), positions };
    await until(async () => (await ask('drained', question)).databases.every(({ drained }) => drained));
    await kill('drained', question, { same: (facts) => facts.databases.map(({ drained }) => drained) });
    await kill('foreign-writers', there(), { same: ({ closed }) => closed });
    await kill('compare', { ...both(), by: 'checksums', withinSeconds: 60 });
    await kill('probe-write', { ...there(), applicationRoles: [] });
  });

  it('detach and attach, when the target has everything', async () => {
    await kill('detach', here(), { undo: () => ask('attach', both()) });
    await kill('attach', both(), { undo: () => ask('detach', here()) });
    await ask('detach', here());
  });

  it('set-sequences, and open to go back', async () => {
    await kill('set-sequences', both(), { undo: forgetSequences });
    await plane.pointEndpoint('shop', 'db-blue');
    await kill('open', back(), { undo: () => ask('fence', here()) });
    await kill('probe-write', { ...here(), applicationRoles: [] });
    await writeOn();
  });

  it('and all of them together lose nothing, leave nothing, and have one writer at any time', async () => {
    await expectWhole(plane, watched, ask);
  });
});
