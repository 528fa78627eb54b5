import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import pg from 'pg';
import { handOver } from '../../servers/account.ts';
import { CannotStart } from '../../servers/cannot-start.ts';
import { ended, launch } from '../../servers/launch.ts';
import { ServerProcess, type StopStep } from '../../servers/server-process.ts';
import type { Binaries } from './binaries.ts';

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
export class Server extends ServerProcess {
  readonly binaries: Binaries;
  /** Settings instead of those that every server has; they count from the next start on. */
  readonly settings: Record<string, string | number> = {};
  protected readonly title: string;
  protected readonly portTaken = /could not bind|could not create any TCP/;
  /** Fast, at once, by force. */
  protected readonly stopSteps: readonly StopStep[] = [
    ['SIGINT', 5_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  /** After a kill its children would live on, and keep its port. */
  protected readonly crashSignal = 'SIGQUIT';

  constructor(name: string, dataDirectory: string, binaries: Binaries) {
    super(name, dataDirectory);
    this.binaries = binaries;
    this.title = `PostgreSQL ${binaries.version}`;
  }

  /** Fills the data directory with a copy of another one whose server does not run. */
  async adopt(source: string): Promise<void> {
    await makeDataDirectory(this.dataDirectory);
    await cp(source, this.dataDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await handOver(this.dataDirectory);
  }

  protected async launch(log: number): Promise<ChildProcess> {
    const settings = Object.entries({
      ...SETTINGS,
      ...this.settings,
      port: this.port,
      cluster_name: this.name,
    });
    const args = [
      '-D',
      this.dataDirectory,
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    return launch(this.binaries.postgres, args, log);
  }

  protected async answers(): Promise<boolean> {
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
}
