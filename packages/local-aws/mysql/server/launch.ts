import type { ChildProcess } from 'node:child_process';
import { launch } from '../../postgres/server/launch.ts';
import type { Programs } from './programs.ts';

/**
 * Starts the server's program, which reads no configuration of the machine. When this process dies the kernel kills it: an orderly stop waits for
 * replicas that may be gone.
 */
export function launchServer(
  { server }: Programs,
  args: readonly string[],
  files: { stdin: number | 'ignore'; log: number },
): ChildProcess {
  return launch(server, ['--no-defaults', ...args], files.log, { stdin: files.stdin, deathSignal: 'KILL' });
}
