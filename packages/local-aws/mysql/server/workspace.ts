import { statfsSync } from 'node:fs';
import { type FolderOptions, ServerFolder, type ServerKind } from '../../servers/server-folder.ts';
import { initialize } from './initialize.ts';
import type { Programs } from './programs.ts';
import { MysqlServer } from './server.ts';

/** Finds the programs of a version, such as `mariadb 10.11`. */
export type FindPrograms = (version: string) => Promise<Programs>;

let lastServerId = 100;

function kindOf(find: FindPrograms): ServerKind<string, Programs, MysqlServer> {
  return {
    name: 'mysql-family',
    find: (version) => find(version),
    initialize,
    server: (name, dataDirectory, programs) => {
      lastServerId += 1;
      return new MysqlServer(name, dataDirectory, programs, lastServerId);
    },
    deathSignal: 'SIGKILL',
  };
}

/** So much room a rehearsal's servers need in memory, in bytes. */
const roomNeeded = 3 * 2 ** 30;

/** Where the data lie when nothing is said: in memory where there is room, because a commit of these servers waits for the disk. */
export function usualParent(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= roomNeeded ? '/dev/shm' : undefined;
  } catch {
    return undefined;
  }
}

/** The folder, the programs and the servers of the MySQL family of one rehearsal, by version. */
export class MysqlWorkspace extends ServerFolder<string, Programs, MysqlServer> {
  static async open(find: FindPrograms, options: FolderOptions = {}): Promise<MysqlWorkspace> {
    const parent = options.parent ?? usualParent();
    const folder = await ServerFolder.make({ ...options, ...(parent !== undefined && { parent }) });
    return new MysqlWorkspace(kindOf(find), folder, options.keep ?? false);
  }
}
