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

type Query = (this: pg.Client, ...args: unknown[]) => Promise<unknown>;

/** Puts something in the place of every statement of the functions, until the test ends or it is taken back. */
function interceptStatements(
  instead: (client: pg.Client, send: () => Promise<unknown>, text: string) => Promise<unknown>,
): () => void {
  const original = pg.Client.prototype.query as Query;
  const takeBack = () => {
    pg.Client.prototype.query = original as never;
  };
  pg.Client.prototype.query = async function (this: pg.Client, ...args: unknown[]) {
    const send = async () => original.apply(this, args);
    return isOurs(this) ? instead(this, send, String(args[0])) : send();
  } as never;
  onTestFinished(takeBack);
  return takeBack;
}

/** Lets functions die in the middle: their session breaks off, as it does when a process is killed. Ends with the test. */
export function prepareCrashes(): void {
  interceptStatements(async (client, send) => {
    if (!planned) return send();
    seen += 1;
    if (seen > planned.statement) throw new Error('a dead function sends nothing');
    if (seen < planned.statement) return send();
    if (planned.moment === 'after') await send().catch(() => {});
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    throw new Error('the function died');
  });
  onTestFinished(() => {
    planned = undefined;
  });
}

/** Lets something happen right after a function has had the answer to its first statement of this text. Ends with the test. */
export function betweenStatements(text: RegExp, happens: () => Promise<unknown>): void {
  const takeBack = interceptStatements(async (_client, send, statement) => {
    const answer = await send();
    if (text.test(statement)) {
      takeBack();
      await happens();
    }
    return answer;
  });
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
