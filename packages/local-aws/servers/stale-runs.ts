import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { realClock } from '../real-clock.ts';

/** What a run leaves in its folder, so that a later run knows what it may clean up. */
export interface RunState {
  /** Process that runs the rehearsal. */
  pid: number;
  startedAt: string;
  /** The folder stays after the run. */
  keep: boolean;
}

export const STATE_FILE = 'run.json';

/** A folder without a state file is being made, or was deleted half-way; after this long it is the latter. */
const STATELESS_MS = 60_000;

/**
 * Ends the servers of runs whose process is gone (killed, machine out of memory) and deletes their folders.
 * A server is only touched when its pid file names it, the process runs on exactly that data directory, and the
 * folder's own run is dead. Data directories are deleted after their server is gone, never before: a server whose
 * directory vanished keeps its port.
 *
 * @returns the folders that were deleted.
 */
export async function reapStaleRuns(parent: string, prefix: string): Promise<string[]> {
  const reaped: string[] = [];
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    if (name.startsWith(prefix) && isAbandoned(folder) && (await removeRun(folder))) reaped.push(folder);
  }
  return reaped;
}

/** Folders of other users are theirs to clean up. */
function isAbandoned(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.uid !== process.getuid?.()) return false;
  const state = readState(folder);
  if (!state) return realClock.now() - (found?.mtimeMs ?? 0) > STATELESS_MS;
  return !state.keep && !isAlive(state.pid);
}

/** Another run may be cleaning up the same folder. */
async function removeRun(folder: string): Promise<boolean> {
  try {
    if (!(await endServers(folder))) return false;
    await deleteRun(folder);
    return true;
  } catch (failure) {
    if (['ENOENT', 'ENOTEMPTY'].includes((failure as NodeJS.ErrnoException).code ?? '')) return false;
    throw failure;
  }
}

/** Deletes a folder whose servers have ended; the state file goes last, so that a clean-up that is cut short is done again. */
export async function deleteRun(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const rest = readdirSync(folder).filter((name) => name !== STATE_FILE);
  for (const name of rest) await rm(join(folder, name), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

function readState(folder: string): RunState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')) as RunState;
  } catch {
    return undefined;
  }
}

async function endServers(folder: string): Promise<boolean> {
  const pids = readdirSync(folder)
    .map((entry) => runningServer(join(folder, entry)))
    .filter((pid) => pid !== undefined);
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of pids.filter(isAlive)) process.kill(pid, signal);
    for (let waited = 0; waited < 6_000 && pids.some(isAlive); waited += 50) await realClock.sleep(50);
  }
  return !pids.some(isAlive);
}

/** Pid of the server that runs on this data directory, when there is one. */
export function runningServer(dataDirectory: string): number | undefined {
  // PostgreSQL's own, and the one that a server of the MySQL family is told to write, which holds nothing but the pid.
  const file = ['postmaster.pid', 'server.pid']
    .map((name) => join(dataDirectory, name))
    .find((path) => existsSync(path));
  if (!file) return undefined;
  const [pid, directory] = readFileSync(file, 'utf8').split('\n');
  const isNamed = directory === dataDirectory || file.endsWith('server.pid');
  const isOurs = isNamed && commandOf(Number(pid)).includes(dataDirectory);
  return isOurs ? Number(pid) : undefined;
}

/** Whether a process with this pid exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
