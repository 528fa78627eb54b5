import { shortShape } from '../domain/load-test/plan-shape.ts';
import type { LoadProgress, Measured, Queued, StatementResult } from '../domain/load-test/progress.ts';
import { readStatement, type Statement } from '../domain/load-test/statement.ts';
import type { EngineFamily } from '../domain/model/engine.ts';
import type { Input, Place } from './contract.ts';
import { Refused } from './refused.ts';

/** What one side says of a plan: its shape, and the planner's estimate. */
export interface Plan {
  shape: string;
  cost: number;
}

/** A session on one side, in a database. Limits and answers are milliseconds; rejections are the server's own. */
export interface LoadSide {
  /** Of this start of this server: two that are the same are one server. */
  server: string;
  /** Makes the session ready for a statement of this role. */
  begin(queued: Queued): Promise<void>;
  plan(statement: Statement, limit: number): Promise<Plan>;
  /** Runs it and keeps no row. @returns how long it took */
  run(statement: Statement, limit: number): Promise<number>;
}

/** A statement that may be run, without its rank. */
export interface Found extends Omit<Queued, 'number'> {
  statement: Statement;
}

/** What a family does its own way. */
export interface LoadDriver {
  /** Statements of the server, those that take most time first, and how many others do more than read or cannot be read. */
  top(): Promise<{ found: Found[]; passedOver: number }>;
  /** Works in a session of the reader, which `open` makes ready for statements in that database. */
  onSide(
    place: Place,
    database: string,
    work: (open: () => Promise<LoadSide>) => Promise<void>,
  ): Promise<void>;
  /** What an error says of its statement. Undefined: it says nothing, as of a connection that broke. */
  judge(error: unknown, limit: number): Measured | undefined;
}

export type StepInput = Input<'load-step'>;

/** So many statements of a server are looked through for those that only read. */
export const statementsLooked = 500;

/**
 * Takes those statements of a server that may be run.
 * @param read a text: why it may not
 * @param keeper what keeps statements there, for people
 */
export function takeReads(
  rows: readonly (Omit<Found, 'statement'> & { query: string })[],
  read: (query: string) => Statement | string,
  keeper: string,
): { found: Found[]; passedOver: number } {
  const found = rows.flatMap(({ query, ...queued }): Found[] => {
    const statement = read(query);
    return typeof statement === 'string' ? [] : [{ ...queued, statement }];
  });
  if (found.length === 0)
    throw new Refused('no-statements', `${keeper} holds no statement of an application that only reads`);
  return { found, passedOver: rows.length - found.length };
}

/** One step: statements of the queue one after the other, on one side at a time, until the time is up. */
export async function stepThrough(
  input: StepInput,
  family: EngineFamily,
  driver: LoadDriver,
): Promise<LoadProgress> {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1_000;
  const { found, passedOver } =
    input.source.kind === 'file' ? readGiven(input.source, family) : await driver.top();
  const statements = new Map(found.map((one) => [keyOf(one), one.statement]));
  const progress: LoadProgress = input.progress
    ? structuredClone(input.progress)
    : { queue: queueOf(input.source, found), results: [], passedOver, seconds: 0 };
  const [first] = progress.queue;
  const { blue: bluePlace, green: greenPlace } = input;
  // Without a green it is only shown that the reader can sign in on blue.
  if (greenPlace === undefined) {
    if (first) await driver.onSide(bluePlace, first.database, async () => {});
    return progress;
  }
  for (let begun = false; progress.queue[0] && (!begun || since() < input.withinSeconds); ) {
    const { database } = progress.queue[0];
    await onBoth(driver, [bluePlace, greenPlace], database, async (blue, green) => {
      requireTwo(blue, green);
      for (let next = progress.queue[0]; next?.database === database; next = progress.queue[0]) {
        if (begun && since() >= input.withinSeconds) return;
        begun = true;
        const statement = statements.get(keyOf(next));
        if (statement) progress.results.push(await compare(input, driver, next, statement, [blue, green]));
        else progress.passedOver += 1;
        progress.queue.shift();
      }
    });
  }
  return { ...progress, seconds: progress.seconds + since() };
}

/** One session a side. */
function onBoth(
  driver: LoadDriver,
  [blue, green]: Sides<Place>,
  database: string,
  work: (blue: LoadSide, green: LoadSide) => Promise<void>,
): Promise<void> {
  return driver.onSide(blue, database, (openBlue) =>
    driver.onSide(green, database, async (openGreen) => work(await openBlue(), await openGreen())),
  );
}

const keyOf = ({ id, database, role = '' }: Omit<Queued, 'number'>) => JSON.stringify([id, database, role]);

function queueOf(source: StepInput['source'], found: readonly Found[]): Queued[] {
  const taken = source.kind === 'top' ? found.slice(0, source.count) : found;
  return taken.map(({ statement: _, ...queued }, index) => ({ number: index + 1, ...queued }));
}

/** Who asks has read them once already. */
function readGiven(
  { statements, database }: Extract<StepInput['source'], { kind: 'file' }>,
  family: EngineFamily,
) {
  const found = statements.map((text, index): Found => {
    const statement = readStatement(text, family);
    if (typeof statement === 'string')
      throw new Refused('no-statements', `statement ${index + 1} ${statement}`);
    return { id: String(index + 1), database: database ?? '', statement };
  });
  return { found, passedOver: 0 };
}

function requireTwo(blue: LoadSide, green: LoadSide): void {
  if (blue.server !== green.server) return;
  throw new Refused(
    'other-server',
    'one server answers for both sides: the name of one of them leads to the other',
  );
}

/** One statement on both sides: plans first, then the runs. */
async function compare(
  input: StepInput,
  driver: LoadDriver,
  queued: Queued,
  statement: Statement,
  sides: Sides<LoadSide>,
): Promise<StatementResult> {
  const time = timeOf(input);
  await onEach(sides, (side) => side.begin(queued));
  const plans = await onEach(sides, (side) => look(driver, time, (limit) => side.plan(statement, limit)));
  // What cannot be planned cannot be run either.
  const isRun = !statement.hasParameters && plans.every((plan) => 'answer' in plan);
  const [onBlue, onGreen] = !isRun
    ? (plans.map(estimateOf) as Sides<Measured>)
    : await runBoth(input, driver, time, statement, sides);
  const [ofBlue, ofGreen] = plans.map((plan) => ('answer' in plan ? plan.answer.shape : undefined));
  const differs = ofBlue !== undefined && ofGreen !== undefined && ofBlue !== ofGreen;
  return {
    number: queued.number,
    digest: statement.digest,
    text: statement.shown,
    blue: onBlue,
    green: onGreen,
    plans: differs ? { blue: shortShape(ofBlue), green: shortShape(ofGreen) } : null,
  };
}

/** Blue and green. */
type Sides<T> = [T, T];
/** What came of asking a side: an answer, or what its refusal says of the statement. */
type Looked<T> = { answer: T } | { measured: Measured };

interface Time {
  /** How long a statement may take now, in milliseconds. */
  limit(): number;
  left(): number;
}

function timeOf({ statementSeconds, comparedSeconds }: StepInput): Time {
  const until = performance.now() + 1_000 * comparedSeconds;
  const left = () => until - performance.now();
  // A limit of nothing would be none to a server.
  return { left, limit: () => Math.ceil(Math.max(1, Math.min(1_000 * statementSeconds, left()))) };
}

/** One side after the other: two at the same time would be in each other's way, and blue serves production. */
async function onEach<T, Side>(
  sides: Sides<Side>,
  ask: (side: Side, index: 0 | 1) => Promise<T>,
): Promise<Sides<T>> {
  const blue = await ask(sides[0], 0);
  return [blue, await ask(sides[1], 1)];
}

async function look<T>(
  driver: LoadDriver,
  time: Time,
  ask: (limit: number) => Promise<T>,
): Promise<Looked<T>> {
  const limit = time.limit();
  try {
    return { answer: await ask(limit) };
  } catch (error) {
    const measured = driver.judge(error, limit);
    if (measured === undefined) throw error;
    return { measured };
  }
}

const estimateOf = (plan: Looked<Plan>): Measured =>
  'answer' in plan ? { kind: 'estimated', cost: plan.answer.cost } : plan.measured;

/**
 * The first run warms the caches of both sides, and counts where there is no time for another one. A side that fails, or runs out of its time, is not
 * run again; the other one is, for it may be slow only when it is cold.
 */
async function runBoth(
  { runs }: StepInput,
  driver: LoadDriver,
  time: Time,
  statement: Statement,
  sides: Sides<LoadSide>,
): Promise<Sides<Measured>> {
  const run = (side: LoadSide) => look(driver, time, (limit) => side.run(statement, limit));
  const cold = await onEach(sides, run);
  const warm: Sides<number[]> = [[], []];
  const ended: Sides<Measured | undefined> = cold.map((one) =>
    'measured' in one ? one.measured : undefined,
  ) as never;
  for (let round = 0; round < runs && ended.every((one) => one === undefined); round += 1) {
    const took = performance.now();
    await onEach(sides, async (side, index) => {
      const next = await run(side);
      if ('answer' in next) warm[index].push(next.answer);
      else ended[index] = next.measured;
    });
    // A round that would not end in time is not begun: its limit would say that the statement is slow.
    if (time.left() < 2 * (performance.now() - took)) break;
  }
  return onEach(sides, async (_side, index) => ended[index] ?? medianOf(warm[index], cold[index]));
}

function medianOf(warm: number[], cold: Looked<number>): Measured {
  const all = warm.length > 0 ? warm : 'answer' in cold ? [cold.answer] : [];
  const sorted = all.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const ms =
    sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return { kind: 'ran', ms: Math.round((ms ?? 0) * 1_000) / 1_000, runs: all.length };
}
