import { constants, mkdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import type { MysqlServer } from './server/server.ts';

/**
 * Copies the data of a running server as a snapshot of its storage would have them: everything of one moment, and not shut down in order. The
 * process stands still for the time of the copy, so that no file changes in it.
 */
export async function copyFrozen(server: MysqlServer, to: string): Promise<void> {
  mkdirSync(to, { mode: 0o700 });
  server.signal('SIGSTOP');
  try {
    await cp(server.dataDirectory, to, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => !path.endsWith('.sock'),
    });
  } finally {
    server.signal('SIGCONT');
  }
}
