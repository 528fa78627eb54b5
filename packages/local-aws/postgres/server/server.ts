import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import pg from 'pg';
import { realClock } from '../real-clock.ts';
import { handOver } from './account.ts';
import type { Binaries } from './binaries.ts';
import { CannotStart } from './cannot-start.ts';
import { freePort } from './free-port.ts';
import { ended, isRunning, launch } from './launch.ts';

/** Owner of every rehearsal server, named like the one that RDS keeps to itself; only our own sessions use it. */
export const OWNER = 'rdsadmin';

/** Every setting is here because a default would be wrong for a rehearsal on a small machine. Thirty databases find room for a way back. */
const SETTINGS: Record<string, string | number> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_connections: 200,
  max_wal_senders: 40,
  max_replication_slots: 40,
  max_worker_processes: 56,
  max_logical_replication_workers: 40,
  max_sync_workers_per_subscription: 4,
  max_prepared_transactions: 10,
  // The default of 5 s delays a subscription that starts soon after another one ended.
  wal_retrieve_retry_interval: '100ms',
  wal_receiver_status_interval: '1s',
  // A subscriber confirms what the log writer has flushed; its default of 200 ms would be felt in every cut.
  wal_writer_delay: '2ms',
  // A slot that nobody reads must not fill the disk.
  max_slot_wal_keep_size: '4GB',
  // A snapshot copies the log last; what it needs must still be there.
  wal_keep_size: '256MB',
  // Reads are measured, as RDS measures them.
  track_io_timing: 'on',
  // The npm packages have no compiler for queries, so no server uses one.
  jit: 'off',
  log_line_prefix: '%m [%p] %b ',
  log_checkpoints: 'off',
};

/** The first major whose `initdb` turns checksums on unless it is told not to. */
const CHECKSUMS_BY_DEFAULT = 18;

/** Makes an empty data directory. Returns its path. */
export async function initialize(binaries: Binaries, dataDirectory: string): Promise<string> {
  await makeDataDirectory(dataDirectory);
  const args = ['-D', dataDirectory, '-U', OWNER, '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  // pg_upgrade wants both sides alike, and older majors keep no checksums by themselves.
  if (binaries.major >= CHECKSUMS_BY_DEFAULT) args.push('--no-data-checksums');
  const log = `${dataDirectory}.log`;
  const file = openSync(log, 'a');
  try {
    const result = await ended(launch(binaries.initdb, args, file));
    if (result !== 0)
      throw new CannotStart(`initdb failed (${result}):\n${readFileSync(log, 'utf8').trim()}`);
  } finally {
    closeSync(file);
  }
  return dataDirectory;
}

async function makeDataDirectory(path: string): Promise<void> {
  mkdirSync(path, { mode: 0o700 });
  await handOver(path);
}

/** One PostgreSQL server process on a loopback port. */
export class Server {
  readonly name: string;
  readonly dataDirectory: string;
  readonly binaries: Binaries;
  readonly logFile: string;
  /** 0 until the server has started once; the same through restarts. */
  port = 0;
  #process: ChildProcess | undefined;

  constructor(name: string, dataDirectory: string, binaries: Binaries) {
    this.name = name;
    this.dataDirectory = dataDirectory;
    this.binaries = binaries;
    this.logFile = `${dataDirectory}.log`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Fills the data directory with a copy of another one whose server does not run. */
  async adopt(source: string): Promise<void> {
    await makeDataDirectory(this.dataDirectory);
    await cp(source, this.dataDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await handOver(this.dataDirectory);
  }

  /** Resolves with the first answered query. A port that somebody took in between is given up for another one. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.port === 0) this.port = await freePort();
      const failure = await this.#launch();
      if (failure === undefined) return;
      if (attempt === 5 || !/could not bind|could not create any TCP/.test(failure)) {
        throw new CannotStart(`PostgreSQL ${this.binaries.version} (${this.name}) did not start: ${failure}`);
      }
      this.port = 0;
    }
  }

  /** Starts the process once; answers the end of its log when it ended instead of becoming ready. */
  async #launch(): Promise<string | undefined> {
    const log = openSync(this.logFile, 'a');
    const settings = Object.entries({ ...SETTINGS, port: this.port, cluster_name: this.name });
    const args = [
      '-D',
      this.dataDirectory,
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const child = launch(this.binaries.postgres, args, log);
    closeSync(log);
    this.#process = child;
    while (isRunning(child)) {
      if (await this.#answers()) return undefined;
      await realClock.sleep(20);
    }
    this.#process = undefined;
    return this.logTail();
  }

  /** Ready means: answers, and is the server of this data directory and not another one on the same port. */
  async #answers(): Promise<boolean> {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: this.port, user: OWNER, database: 'postgres' },
      // Somebody else may listen on the port and never answer.
      connectionTimeoutMillis: 1_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query('SHOW data_directory');
      return rows[0].data_directory === this.dataDirectory;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Last lines of the log, at most `bytes` of it. */
  logTail(bytes = 4_000): string {
    return readFileSync(this.logFile, 'utf8').slice(-bytes).trim();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Stops fast; after 5 s at once; after 10 s by force. Resolves when the process is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      child.kill(signal);
      for (let waited = 0; waited < 5_000 && isRunning(child); waited += 10) await realClock.sleep(10);
      if (!isRunning(child)) break;
    }
    await ended(child);
    this.#process = undefined;
  }
}
