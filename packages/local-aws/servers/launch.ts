import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { unprivilegedAccount } from './account.ts';

let setprivKnown: boolean | undefined;

/** util-linux's `setpriv` can bind a child's life to ours; macOS and small containers do not have it. */
function hasSetpriv(): boolean {
  if (setprivKnown === undefined) {
    try {
      setprivKnown = execFileSync('setpriv', ['--help'], { encoding: 'utf8' }).includes('--pdeathsig');
    } catch {
      setprivKnown = false;
    }
  }
  return setprivKnown;
}

/** Locale and messages do not depend on the machine: `initdb` fails where LANG names a locale that is not installed. */
const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/**
 * Starts a PostgreSQL program as the unprivileged account. Where `setpriv` exists, the kernel stops it when this
 * process dies, however it dies. The signal is SIGQUIT because a fast stop waits for replication partners that may
 * be gone, and nobody is left to look after a server that waits; servers of the MySQL family are killed.
 * @param rest.stdin an open file; nothing by default
 */
export function launch(
  program: string,
  args: string[],
  log: number,
  cwd = '/',
  {
    stdin = 'ignore',
    deathSignal = 'QUIT',
  }: { stdin?: number | 'ignore'; deathSignal?: 'QUIT' | 'KILL' } = {},
): ChildProcess {
  const account = unprivilegedAccount();
  const stdio: ['ignore' | number, number, number] = [stdin, log, log];
  if (hasSetpriv()) {
    const identity = account
      ? ['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups']
      : [];
    const command = [...identity, '--pdeathsig', deathSignal, program, ...args];
    // In a session of its own: Ctrl-C in a terminal is for the rehearsal, which stops its servers in order.
    return started(spawn('setpriv', command, { stdio, env: environment, cwd, detached: true }));
  }
  const identity = account && { uid: account.uid, gid: account.gid };
  return started(spawn(program, args, { stdio, env: environment, cwd, ...identity }));
}

/** A program that cannot be started has no pid and so counts as ended; its error event must not end this process. */
function started(child: ChildProcess): ChildProcess {
  return child.on('error', () => {});
}

/** Whether the process was started and has not ended. */
export function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Resolves with the exit code or the signal when the process has ended; at once when it already has. */
export async function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (isRunning(child)) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}
