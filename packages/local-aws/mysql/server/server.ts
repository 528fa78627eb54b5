import type { ChildProcess } from 'node:child_process';
import { constants, mkdirSync } from 'node:fs';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handOver } from '../../servers/account.ts';
import { ServerProcess, type StopStep } from '../../servers/server-process.ts';
import { type Connection, connectTo } from '../connection.ts';
import { launchServer, temporaryFolder } from './launch.ts';
import type { Programs } from './programs.ts';
import { hasProcedure, serviceStatements } from './service-procedures.ts';

/** The service's own account on every server, named as RDS names it; only our own sessions use it. */
export const OWNER = 'rdsadmin';

/** What a parameter group sets, beside what every server here has. */
export type Parameters = Record<string, string | number>;

/** Every setting is here because a default would be wrong for a rehearsal on a small machine, or is another one on RDS. */
const SETTINGS: Parameters = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': 'ON',
  'log-bin': 'mysql-bin-changelog',
  // What came from the other side must go on to the next one, as on RDS.
  'log-slave-updates': 'ON',
  'binlog-row-image': 'FULL',
  'innodb-buffer-pool-size': '128M',
  'max-connections': 200,
  // Known to every version, which a default of a new one is not: utf8mb4 of MySQL 8 and MariaDB 11 begins with another collation.
  'character-set-server': 'utf8mb4',
  'collation-server': 'utf8mb4_general_ci',
  // No server here loses its machine, and a flush a commit would measure the disk of this one.
  'sync-binlog': 0,
  'innodb-flush-log-at-trx-commit': 2,
};

/** The same for one family: words that the other does not know. */
const SETTINGS_OF: Record<Programs['flavour'], Parameters> = {
  mariadb: { 'binlog-format': 'ROW', 'character-set-collations': '' },
  // Without the second one it does not start where /var/lib/mysql-files is missing.
  mysql: { mysqlx: 'OFF', 'secure-file-priv': 'NULL', 'gtid-mode': 'OFF', 'enforce-gtid-consistency': 'OFF' },
};

/** One server process of MariaDB or MySQL on a loopback port. */
export class MysqlServer extends ServerProcess {
  readonly programs: Programs;
  readonly serverId: number;
  /** Beside the usual ones; read at each start. */
  parameters: Parameters = {};
  protected readonly title: string;
  protected readonly portTaken = /Address already in use|Can't start server: Bind/i;
  protected readonly stopSteps: readonly StopStep[] = [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ];
  protected readonly crashSignal = 'SIGKILL';

  constructor(name: string, dataDirectory: string, programs: Programs, serverId: number) {
    super(name, dataDirectory);
    this.programs = programs;
    this.serverId = serverId;
    this.title = `${programs.flavour} ${programs.version}`;
  }

  /** Fills the data directory with a copy of another one whose server does not run. */
  async adopt(source: string): Promise<void> {
    mkdirSync(this.dataDirectory, { mode: 0o700 });
    await cp(source, this.dataDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
    // Two servers of one identity refuse to follow each other; a new file makes the server find another one.
    for (const own of ['auto.cnf', 'server.pid', 'server.sock'])
      await rm(join(this.dataDirectory, own), { force: true });
    await handOver(this.dataDirectory);
  }

  /** Resolves once it answers and has what the service makes. */
  override async start(): Promise<void> {
    await super.start();
    await this.#makeServiceObjects();
  }

  /** A session of the service's own account. Whoever opens it ends it. */
  connect(database?: string): Promise<Connection> {
    return connectTo({ port: this.port, user: OWNER, ...(database !== undefined && { database }) });
  }

  protected async launch(log: number): Promise<ChildProcess> {
    const accounts = await this.#accountsFile();
    const { flavour, base, messages } = this.programs;
    const own = {
      datadir: this.dataDirectory,
      basedir: base,
      'lc-messages-dir': messages,
      'plugin-dir': this.dataDirectory,
      tmpdir: await temporaryFolder(this.dataDirectory),
      socket: join(this.dataDirectory, 'server.sock'),
      'pid-file': join(this.dataDirectory, 'server.pid'),
      port: this.port,
      'server-id': this.serverId,
      'init-file': accounts,
    };
    const settings = { ...SETTINGS, ...SETTINGS_OF[flavour], ...this.#known(this.parameters), ...own };
    return launchServer(
      this.programs,
      Object.entries(settings).map(
        ([name, value]) =>
          `--${flavour === 'mariadb' && name === 'character-set-collations' ? 'loose-' : ''}${name}=${value}`,
      ),
      { stdin: 'ignore', log },
    );
  }

  /** Names of RDS's parameters as options of the program. */
  #known(parameters: Parameters): Parameters {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name.replaceAll('_', '-'), value]),
    );
  }

  /** Every start makes sure of the service's account, without a trace in the log. */
  async #accountsFile(): Promise<string> {
    const file = `${this.dataDirectory}.accounts.sql`;
    const names = [`'${OWNER}'@'localhost'`, `'${OWNER}'@'127.0.0.1'`];
    const statements = [
      'SET SESSION sql_log_bin=0;',
      ...names.map((name) => `CREATE USER IF NOT EXISTS ${name};`),
      ...names.map((name) => `GRANT ALL ON *.* TO ${name} WITH GRANT OPTION;`),
    ];
    await writeFile(file, `${statements.join('\n')}\n`);
    await handOver(file).catch(() => {});
    return file;
  }

  async #makeServiceObjects(): Promise<void> {
    const session = await this.connect('mysql');
    try {
      await session.query('SET SESSION sql_log_bin=0');
      // RDS has no root, and no account without a name.
      for (const { user, host } of await session.query(
        "SELECT user AS user, host AS host FROM mysql.user WHERE user IN ('root', '')",
      ))
        await session.query('DROP USER ?@?', [user, host]);
      if (await hasProcedure(session, 'rds_kill')) return;
      for (const statement of serviceStatements(this.programs.flavour, this.programs.version))
        await session.query(statement);
    } finally {
      session.end();
    }
  }

  protected async answers(): Promise<boolean> {
    try {
      const session = await this.connect();
      try {
        const [row] = await session.query('SELECT @@datadir AS directory');
        return String(row?.directory).replace(/\/$/, '') === this.dataDirectory;
      } finally {
        session.end();
      }
    } catch {
      return false;
    }
  }
}
