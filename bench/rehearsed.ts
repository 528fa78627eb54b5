import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../rehearsal/report/types.ts';

const run = promisify(execFile);
const rehearsal = join(import.meta.dirname, '../rehearsal/rehearse.ts');

/** One whole rehearsal in a process of its own: state machines, functions and servers. @param args of `npm start` */
export async function rehearse(...args: string[]): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'viridian-bench-'));
  try {
    await run(process.execPath, [rehearsal, '--yes', ...args, '--report', folder], { maxBuffer: 2 ** 26 });
    return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
