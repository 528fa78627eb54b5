import { chmodSync, existsSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { deleteRun, type RunState, reapStaleRuns, STATE_FILE } from './stale-runs.ts';

const PREFIX = 'local-aws-';

/** One server process on a data directory. */
export interface RunningServer {
  readonly dataDirectory: string;
  /** Fills the data directory with a copy of another one whose server does not run. */
  adopt(source: string): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/** How servers of a family are found, made and started. `Version`: by which its programs are asked for. */
export interface ServerKind<Version, Programs extends { version: string }, Server extends RunningServer> {
  /** As it stands in names of files. */
  name: string;
  find(version: Version, folder: string): Promise<Programs>;
  /** Makes an empty data directory. Returns its path. */
  initialize(programs: Programs, dataDirectory: string): Promise<string>;
  server(name: string, dataDirectory: string, programs: Programs): Server;
  /** Ends a server at once, when this process ends. */
  deathSignal: NodeJS.Signals;
}

export interface FolderOptions {
  /** Leaves the folder in place at the end, to look at data and logs. */
  keep?: boolean;
  /** The system's temporary directory by default. */
  parent?: string;
}

/** The folder, the programs and the servers of one rehearsal. */
export class ServerFolder<Version, Programs extends { version: string }, Server extends RunningServer> {
  readonly folder: string;
  readonly #kind: ServerKind<Version, Programs, Server>;
  readonly #keep: boolean;
  readonly #servers = new Set<Server>();
  readonly #programs = new Map<Version, Promise<Programs>>();
  readonly #templates = new Map<Version, Promise<string>>();
  readonly #starting = new Set<Promise<unknown>>();
  #isOpen = true;
  readonly #endWithProcess = () => {
    for (const server of this.#servers) server.signal(this.#kind.deathSignal);
  };

  protected constructor(kind: ServerKind<Version, Programs, Server>, folder: string, keep: boolean) {
    this.#kind = kind;
    this.folder = folder;
    this.#keep = keep;
    process.on('exit', this.#endWithProcess);
  }

  /** Makes a folder, after ending what dead runs have left beside it. */
  protected static async make({ keep = false, parent = tmpdir() }: FolderOptions): Promise<string> {
    const real = realpathSync(parent);
    await reapStaleRuns(real, PREFIX);
    const folder = mkdtempSync(join(real, PREFIX));
    // The servers' account passes through this folder to its data directories; it cannot list it.
    chmodSync(folder, 0o711);
    const state: RunState = { pid: process.pid, startedAt: new Date().toISOString(), keep };
    writeFileSync(join(folder, STATE_FILE), JSON.stringify(state, null, 2));
    return folder;
  }

  /** Programs of this version; looked for once. */
  binaries(version: Version): Promise<Programs> {
    return once(this.#programs, version, () => this.#kind.find(version, this.folder));
  }

  /** Makes and starts an empty server. Making its data directory takes over a second, so it is done once a version and copied. */
  startServer(name: string, version: Version): Promise<Server> {
    return this.#whileOpen(async () => {
      const programs = await this.binaries(version);
      return this.#startOn(name, programs, await this.#template(version));
    });
  }

  /** A server on an empty data directory that is not started. Whoever asks for it starts it, or removes it. */
  async makeServer(name: string, version: Version): Promise<Server> {
    const server = await this.serverOn(name, version);
    await server.adopt(await this.#template(version));
    return server;
  }

  /** A server whose data directory does not exist yet. */
  async serverOn(name: string, version: Version): Promise<Server> {
    if (!this.#isOpen) throw new Error('the rehearsal has ended');
    return this.#add(name, await this.binaries(version));
  }

  async #template(version: Version): Promise<string> {
    const programs = await this.binaries(version);
    return once(this.#templates, version, () => this.#makeTemplate(programs));
  }

  /** Starts a server on a copy of a data directory of the same version. */
  startServerFrom(name: string, version: Version, source: string): Promise<Server> {
    return this.#whileOpen(async () => this.#startOn(name, await this.binaries(version), source));
  }

  /** Stops a server and deletes its data. */
  async remove(server: Server): Promise<void> {
    await server.stop();
    this.#servers.delete(server);
    await rm(server.dataDirectory, { recursive: true, force: true });
  }

  /** Stops every server, also those that are just starting, and deletes the folder, unless it is to be kept. */
  async dispose(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#servers].map((server) => server.stop()));
    this.#servers.clear();
    process.off('exit', this.#endWithProcess);
    if (!this.#keep) await deleteRun(this.folder);
  }

  /** An empty data directory: the one that another process has kept for this version, or a new one. */
  #makeTemplate(programs: Programs): Promise<string> {
    const name = `${this.#kind.name}-${programs.version}`;
    const make = (directory: string) => this.#kind.initialize(programs, directory);
    const shared = process.env.VIRIDIAN_DATA_DIRECTORIES;
    return shared ? keepDataDirectory(join(shared, name), make) : make(join(this.folder, `template-${name}`));
  }

  async #startOn(name: string, programs: Programs, source: string): Promise<Server> {
    const server = this.#add(name, programs);
    try {
      await server.adopt(source);
      await server.start();
      return server;
    } catch (failure) {
      await this.remove(server);
      throw failure;
    }
  }

  #add(name: string, programs: Programs): Server {
    const server = this.#kind.server(name, join(this.folder, name), programs);
    this.#servers.add(server);
    return server;
  }

  #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isOpen) return Promise.reject(new Error('the rehearsal has ended'));
    const running = work();
    this.#starting.add(running);
    const done = () => this.#starting.delete(running);
    running.then(done, done);
    return running;
  }
}

/** Two callers at the same time share one attempt. */
function once<Key, T>(known: Map<Key, Promise<T>>, key: Key, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/**
 * The empty data directory of a version in a folder that many processes share: making one takes seconds of computing and a copy a tenth of it.
 * Two who find none at the same time make one each, and the first stays.
 */
async function keepDataDirectory(
  kept: string,
  make: (directory: string) => Promise<string>,
): Promise<string> {
  if (existsSync(kept)) return kept;
  const aside = mkdtempSync(join(dirname(kept), `${basename(kept)}-`));
  chmodSync(aside, 0o711);
  try {
    renameSync(await make(join(aside, 'data')), kept);
  } catch (failure) {
    if (!existsSync(kept)) throw failure;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return kept;
}
