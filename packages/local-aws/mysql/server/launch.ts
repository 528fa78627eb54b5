import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { handOver } from '../../servers/account.ts';
import { launch } from '../../servers/launch.ts';
import type { Programs } from './programs.ts';

/** Temporary tables of servers that share a folder have the same names, so each gets one beside its data. */
export async function temporaryFolder(dataDirectory: string): Promise<string> {
  const folder = `${dataDirectory}.tmp`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await handOver(folder);
  return folder;
}

/**
 * Starts the server's program, which reads no configuration of the machine. When this process dies the kernel kills it: an orderly stop waits for
 * replicas that may be gone.
 */
export function launchServer(
  { server }: Programs,
  args: readonly string[],
  files: { stdin: number | 'ignore'; log: number },
): ChildProcess {
  return launch(server, ['--no-defaults', ...args], files.log, '/', {
    stdin: files.stdin,
    deathSignal: 'KILL',
  });
}
