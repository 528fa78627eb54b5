import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ask, Asked, Reply } from '../../functions/sql/operations.ts';

/** Where a process is killed: once a statement was sent, whether the server hears it or not, or once it was answered. */
export interface Doom {
  /** Counts from 1. A process with fewer statements ends alive. */
  statement: number;
  moment: 'sent' | 'answered';
}

const child = new URL('sql-process-child.ts', import.meta.url).pathname;

/**
 * Asks the function that speaks SQL in a process of its own, as Lambda runs it, about servers of this machine.
 * @returns undefined when the process was killed by SIGKILL
 */
export async function askInProcess(question: Asked<Ask>, doom?: Doom): Promise<Reply<Ask> | undefined> {
  const running = spawn(process.execPath, [child, JSON.stringify({ question, doom })], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Half of what a process takes is to compile what the last one has compiled (0.56 s of CPU, 0.29 s with this).
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'viridian-compiled') },
  });
  const [said, complained, [code, signal]] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    once(running, 'exit'),
  ]);
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(`the process ended with ${code ?? signal}: ${complained}`);
  return JSON.parse(said) as Reply<Ask>;
}
