import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import type { GoalRow, Measure } from './goal.ts';

/**
 * Rows of one measure, from a process of its own: most of them set the clock and the clients of their process. A measure that fails or takes too
 * long is a row that is missed, with the reason.
 */
export function runMeasure(name: string, { withinMinutes }: Measure): Promise<GoalRow[]> {
  return new Promise((done) => {
    const child = fork(resolve(import.meta.dirname, 'play.ts'), [name], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const told: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => told.push(chunk));
    const miss = (because: string) =>
      done([{ goal: name, figure: 'not measured', baseline: '', met: false, because }]);
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      miss(`it was not measured within ${withinMinutes} min`);
    }, withinMinutes * 60_000);
    child.once('message', (rows) => done(rows as GoalRow[]));
    child.once('exit', (code) => {
      clearTimeout(timer);
      miss(`its process ended with ${code}: ${lastLine(Buffer.concat(told).toString())}`);
    });
  });
}

/** The error, where a stack follows it. */
function lastLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.find((line) => /^\w*Error/.test(line)) ?? lines.at(-1) ?? '';
}
