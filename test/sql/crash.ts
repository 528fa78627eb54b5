import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Where a function dies: before a statement reaches the server, or after it was done and before its answer is read. */
export type Moment = 'before' | 'after';

interface Crash {
  moment: Moment;
  /** Counts from 1. */
  statement: number;
}

let planned: Crash | undefined;
let seen = 0;

/** Lets functions die in the middle: their session breaks off, as it does when a process is killed. Ends with the test. */
export function prepareCrashes(): void {
  const original = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => Promise<unknown>;
  pg.Client.prototype.query = async function (this: pg.Client, ...args: unknown[]) {
    if (!isOurs(this) || !planned) return original.apply(this, args);
    seen += 1;
    if (seen > planned.statement) throw new Error('a dead function sends nothing');
    if (seen < planned.statement) return original.apply(this, args);
    if (planned.moment === 'after') await Promise.resolve(original.apply(this, args)).catch(() => {});
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    throw new Error('the function died');
  } as never;
  onTestFinished(() => {
    pg.Client.prototype.query = original as never;
    planned = undefined;
  });
}

/** Lets something happen right after a function has had the answer to its first statement of this text. Ends with the test. */
export function betweenStatements(text: RegExp, happens: () => Promise<unknown>): void {
  const original = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => Promise<unknown>;
  const restore = () => {
    pg.Client.prototype.query = original as never;
  };
  pg.Client.prototype.query = async function (this: pg.Client, ...args: unknown[]) {
    const answer = await original.apply(this, args);
    if (isOurs(this) && text.test(String(args[0]))) {
      restore();
      await happens();
    }
    return answer;
  } as never;
  onTestFinished(restore);
}

/** Sessions of the functions, not those of the data plane and of writers. */
function isOurs(client: pg.Client): boolean {
  return (client as unknown as { user?: string }).user === 'viridian';
}

/** Does some work that dies at one of its statements, if it comes so far. */
export async function dyingAt<T>(statement: number, moment: Moment, work: () => Promise<T>): Promise<T> {
  planned = { moment, statement };
  seen = 0;
  return work().finally(() => {
    planned = undefined;
  });
}

/**
 * Does some work, dying at its first statement; then again, dying at the second; and so on until it comes to its end alive.
 * So every run finds what the ones before it have left half done.
 *
 * @returns what the work answered, and how many statements it took in the end.
 */
export async function withCrashes<T>(
  moment: Moment,
  work: () => Promise<T>,
): Promise<{ answer: T; crashes: number }> {
  for (let statement = 1; ; statement += 1) {
    const answer = await dyingAt(statement, moment, work);
    if (seen < statement) return { answer, crashes: statement - 1 };
  }
}
