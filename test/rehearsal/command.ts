import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Report } from '../../rehearsal/report/types.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function makeFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
}

/** For a rehearsal that is not about the load: the eight of the default take more of a small machine than all of the rest. */
export const fewWriters = ['--writers', '3'];

/** The slowest takes a third of it on a busy machine. */
const longestRehearsalMs = 270_000;

/** A command of ours in a process and with a temporary directory of its own. */
export interface Started {
  child: ChildProcess;
  temporary: string;
  /** Everything that was written so far. */
  output(): string;
  /** Exit code, or the signal's name. */
  ended: Promise<number | NodeJS.Signals | null>;
}

export async function start(
  script: 'rehearse' | 'serve',
  args: string[],
  more: NodeJS.ProcessEnv = {},
): Promise<Started> {
  const temporary = await makeFolder('viridian-command-');
  // PostgreSQL runs as another user where this runs as root, and has to get through.
  await chmod(temporary, 0o711);
  const file = new URL(`../../rehearsal/${script}.ts`, import.meta.url).pathname;
  const env = { ...process.env, TMPDIR: temporary, ...more };
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return { child, temporary, output: () => output, ended };
}

/** Runs a rehearsal to its end and reads its report. */
export async function rehearse(args: string[]) {
  const folder = await makeFolder('viridian-report-');
  const run = await start('rehearse', [...args, '--report', folder]);
  // One that hangs is ended while its test can still show what it wrote.
  const limit = setTimeout(() => run.child.kill('SIGINT'), longestRehearsalMs);
  const code = await run.ended;
  clearTimeout(limit);
  const report = JSON.parse(
    await readFile(join(folder, 'report.json'), 'utf8').catch(() => 'null'),
  ) as Report;
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => '');
  return { ...run, code, report, page, evidence: join(folder, 'evidence') };
}

/** Processes whose command line or data directory names this directory. */
export async function processesIn(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(directory)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}
