import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ask, Asked, Reply } from '../../functions/sql/contract.ts';

/**
 * Where a process is killed: before a statement is sent, once it was sent, whether the server hears it or not, once it was answered; or after
 * the function's return, before anybody hears of it. Statements count from 1; a process that has fewer ends alive.
 */
export type Doom =
  | { moment: 'before' | 'sent' | 'answered'; statement: number }
  | { moment: 'returned'; statement?: undefined };

/** What a process that was not killed has to say. */
export interface Answered {
  reply: Reply<Ask>;
  /** How many statements it took. */
  statements: number;
}

const child = new URL('sql-process-child.ts', import.meta.url).pathname;

/** The function that speaks SQL in a process of its own, as Lambda runs it, about servers of this machine. It answers one question. */
export class SqlProcess {
  // Half of what a process takes is to compile what the last one has compiled (0.56 s of CPU, 0.29 s with this).
  readonly #running = spawn(process.execPath, [child], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'viridian-compiled'), ...process.env },
  });
  readonly #ended = Promise.all([
    text(this.#running.stdout),
    text(this.#running.stderr),
    once(this.#running, 'exit'),
  ]);

  /** @returns undefined when the process was killed by SIGKILL */
  async ask(question: Asked<Ask>, doom?: Doom): Promise<Answered | undefined> {
    this.#running.stdin.end(JSON.stringify({ question, doom }));
    const [said, complained, [code, signal]] = await this.#ended;
    if (signal === 'SIGKILL') return undefined;
    if (code !== 0) throw new Error(`the process ended with ${code ?? signal}: ${complained}`);
    return JSON.parse(said) as Answered;
  }

  /** Ends one that was begun ahead and is not needed. */
  async end(): Promise<void> {
    this.#running.stdin.end();
    await this.#ended;
  }
}

/** Asks in a process that is begun for it. */
export async function askInProcess(question: Asked<Ask>, doom?: Doom): Promise<Reply<Ask> | undefined> {
  return (await new SqlProcess().ask(question, doom))?.reply;
}
