import { type FolderOptions, ServerFolder, type ServerKind } from '../../servers/server-folder.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { initialize, Server } from './server.ts';

function kindOf(programs: ReadonlyMap<number, string>): ServerKind<number, Binaries, Server> {
  return {
    name: 'postgresql',
    find: (major, folder) => findBinaries(major, folder, programs.get(major)),
    initialize,
    server: (name, dataDirectory, binaries) => new Server(name, dataDirectory, binaries),
    deathSignal: 'SIGQUIT',
  };
}

/** The folder, the programs and the servers of PostgreSQL of one rehearsal, by major. */
export class Workspace extends ServerFolder<number, Binaries, Server> {
  /** @param options.programs folders with the `bin` of majors; what is not given is looked for */
  static async open(
    options: FolderOptions & { programs?: ReadonlyMap<number, string> } = {},
  ): Promise<Workspace> {
    const folder = await ServerFolder.make(options);
    return new Workspace(kindOf(options.programs ?? new Map()), folder, options.keep ?? false);
  }
}
