import { chmodSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Binaries, findBinaries } from './binaries.ts';
import { keepDataDirectory } from './kept-directories.ts';
import { initialize, Server } from './server.ts';
import { deleteRun, type RunState, reapStaleRuns, STATE_FILE } from './stale-runs.ts';

const PREFIX = 'local-aws-';

/** The folder, the programs and the servers of one rehearsal. */
export class Workspace {
  readonly folder: string;
  readonly #keep: boolean;
  readonly #programs: ReadonlyMap<number, string>;
  readonly #servers = new Set<Server>();
  readonly #binaries = new Map<number, Promise<Binaries>>();
  readonly #templates = new Map<number, Promise<string>>();
  readonly #starting = new Set<Promise<unknown>>();
  #isOpen = true;
  readonly #endWithProcess = () => {
    for (const server of this.#servers) server.signal('SIGQUIT');
  };

  private constructor(folder: string, keep: boolean, programs: ReadonlyMap<number, string>) {
    this.folder = folder;
    this.#keep = keep;
    this.#programs = programs;
    process.on('exit', this.#endWithProcess);
  }

  /**
   * Makes a folder under the system's temporary directory, after ending what dead runs have left there.
   *
   * @param options.keep leaves the folder in place at the end, to look at data and logs.
   * @param options.programs folders with the `bin` of majors; what is not given is looked for.
   */
  static async open(
    options: { keep?: boolean; parent?: string; programs?: ReadonlyMap<number, string> } = {},
  ): Promise<Workspace> {
    const parent = realpathSync(options.parent ?? tmpdir());
    await reapStaleRuns(parent, PREFIX);
    const folder = mkdtempSync(join(parent, PREFIX));
    // The servers' account passes through this folder to its data directories; it cannot list it.
    chmodSync(folder, 0o711);
    const keep = options.keep ?? false;
    const state: RunState = { pid: process.pid, startedAt: new Date().toISOString(), keep };
    writeFileSync(join(folder, STATE_FILE), JSON.stringify(state, null, 2));
    return new Workspace(folder, keep, options.programs ?? new Map());
  }

  /** Programs of this major; looked for once. */
  binaries(major: number): Promise<Binaries> {
    return once(this.#binaries, major, () => findBinaries(major, this.folder, this.#programs.get(major)));
  }

  /** Makes and starts an empty server. `initdb` takes over a second, so it runs once a major and is copied. */
  startServer(name: string, major: number): Promise<Server> {
    return this.#whileOpen(async () =>
      this.#startOn(name, await this.binaries(major), await this.#template(major)),
    );
  }

  /** A server on an empty data directory that is not started. Whoever asks for it starts it, or removes it. */
  async makeServer(name: string, major: number): Promise<Server> {
    const server = await this.serverOn(name, major);
    await server.adopt(await this.#template(major));
    return server;
  }

  /** A server whose data directory does not exist yet. */
  async serverOn(name: string, major: number): Promise<Server> {
    if (!this.#isOpen) throw new Error('the rehearsal has ended');
    const server = new Server(name, join(this.folder, name), await this.binaries(major));
    this.#servers.add(server);
    return server;
  }

  async #template(major: number): Promise<string> {
    const binaries = await this.binaries(major);
    return once(this.#templates, major, () => this.#makeTemplate(binaries));
  }

  /** Starts a server on a copy of a data directory of the same major. */
  startServerFrom(name: string, major: number, source: string): Promise<Server> {
    return this.#whileOpen(async () => this.#startOn(name, await this.binaries(major), source));
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
  #makeTemplate(binaries: Binaries): Promise<string> {
    const shared = process.env.VIRIDIAN_DATA_DIRECTORIES;
    return shared
      ? keepDataDirectory(shared, binaries)
      : initialize(binaries, join(this.folder, `template-${binaries.major}`));
  }

  async #startOn(name: string, binaries: Binaries, source: string): Promise<Server> {
    const server = new Server(name, join(this.folder, name), binaries);
    this.#servers.add(server);
    try {
      await server.adopt(source);
      await server.start();
      return server;
    } catch (failure) {
      await this.remove(server);
      throw failure;
    }
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
function once<T>(known: Map<number, Promise<T>>, key: number, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
