import { type FolderOptions, ServerFolder, type ServerKind } from '../../servers/server-folder.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { initialize, Server } from './server.ts';

const postgres: ServerKind<number, Binaries, Server> = {
  name: 'postgresql',
  find: findBinaries,
  initialize,
  server: (name, dataDirectory, binaries) => new Server(name, dataDirectory, binaries),
  deathSignal: 'SIGQUIT',
};

/** The folder, the programs and the PostgreSQL servers of one rehearsal, by major. */
export class Workspace extends ServerFolder<number, Binaries, Server> {
  static async open(options: FolderOptions = {}): Promise<Workspace> {
    return new Workspace(postgres, await ServerFolder.make(options), options.keep ?? false);
  }
}
