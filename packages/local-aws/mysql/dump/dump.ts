import mysql from 'mysql2/promise';
import { DumpError } from '../../dump/dump-error.ts';
import { type DumpReport, type OnProgress, tellsProgress } from '../../dump/progress.ts';
import { openScript, type ScriptFile } from '../../dump/script-file.ts';
import { ScriptLines } from '../../dump/script-lines.ts';
import { APP_SCHEMA, APP_USER, type Database } from '../database.ts';
import { OWNER } from '../server/server.ts';
import {
  accountIn,
  commandIn,
  definerIn,
  givesTooMuch,
  headOf,
  kindOf,
  schemaIn,
  systemSchemas,
} from './dump-statement.ts';
import { StatementLexer } from './statement-lexer.ts';

export interface DumpOptions {
  /** Schemas that the run makes for itself: they are left out of the dump. */
  ownSchemas?: readonly string[];
  /** Accounts that are there already and stay as they are. */
  ownUsers?: readonly string[];
  onProgress?: OnProgress;
}

/** Errors by their number. Sources: MySQL "Server Error Message Reference", MariaDB "Error codes". */
const errors = {
  unknownVariable: 1193,
  unknownPlugin: 1524,
  accountFailed: [1133, 1141, 1147, 1396, 1410, 1524, 1959],
  unknownCollation: [1273, 1115],
  nothingToDrop: [1008, 1051, 1091, 1360, 1305, 1539, 4092],
  otherEngine: 1266,
} as const;

/** Accounts of the server and of the service. */
const systemUsers = [OWNER, 'mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema'];

/** Character sets in which a letter may have the sign of a quote or an escape as its second byte. */
const ambiguous = /^(big5|gbk|sjis|cp932|gb18030)$/i;

/** Lines that programs leave in a file that took their errors as well. */
const complaint = /^(mysqldump|mariadb-dump|mysql|mariadb): /;

/**
 * Loads a plain dump into a server, as its client would. Everything goes through the server's log, so a green that follows from the first log on gets it too.
 * The file is read as a stream, so its size does not matter. Accounts that only a DEFINER names are made, locked. Any statement that fails ends the load
 * with its line, except for settings that this version does not know, accounts that cannot be made, and things to be dropped that are not there.
 * @throws DumpError
 */
export async function loadDump(
  database: Database,
  file: string,
  options: DumpOptions = {},
): Promise<DumpReport> {
  const script = await openScript(file, undefined, 'mysql');
  // Statements of a dump are as long as the server that wrote it allowed.
  await database.sql.query('SET GLOBAL max_allowed_packet = 1073741824');
  const loader = new DumpLoader(database, options, file, script, await connectAsClient(database));
  try {
    return await loader.load();
  } finally {
    loader.close();
    script.close();
  }
}

/** Sends bytes as they stand in the file: which letters they are, the dump itself says by `SET NAMES`. */
function connectAsClient({ server }: Database): Promise<mysql.Connection> {
  return mysql.createConnection({
    host: '127.0.0.1',
    port: server.port,
    user: OWNER,
    charset: 'latin1_swedish_ci',
    dateStrings: true,
    supportBigNumbers: true,
    // Told of a SET NAMES the driver would encode the next statement itself. How names of functions are read is the server's own mode.
    flags: ['-SESSION_TRACK', '-IGNORE_SPACE'],
  });
}

class DumpLoader {
  readonly #report: DumpReport = { statements: 0, tables: 0, rows: 0, warnings: [] };
  readonly #database: Database;
  readonly #options: Required<Pick<DumpOptions, 'ownSchemas' | 'ownUsers'>> & DumpOptions;
  readonly #file: string;
  readonly #script: ScriptFile;
  readonly #lines: ScriptLines;
  readonly #session: mysql.Connection;
  readonly #lexer = new StatementLexer();
  /** Schemas that the dump has made or filled. */
  readonly #schemas = new Set<string>();
  /** Accounts that only a DEFINER names, as statements write them. */
  readonly #definers = new Set<string>();
  #schema: string | undefined;
  /** Name in the head of a dump that chooses no schema by itself. */
  #named: string | undefined;
  readonly #tellProgress: (file: ScriptFile) => void;
  /** Line in which the statement in hand begins. */
  #line = 0;

  constructor(
    database: Database,
    options: DumpOptions,
    file: string,
    script: ScriptFile,
    session: mysql.Connection,
  ) {
    this.#database = database;
    this.#options = { ownSchemas: [], ownUsers: [], ...options };
    this.#tellProgress = tellsProgress(options.onProgress);
    this.#file = file;
    this.#script = script;
    this.#lines = new ScriptLines(script.chunks);
    this.#session = session;
    session.on('error', () => {});
  }

  async load(): Promise<DumpReport> {
    for (let line = await this.#lines.next(); line !== undefined; line = await this.#lines.next()) {
      this.#tellProgress(this.#script);
      await this.#take(line.toString('latin1'));
    }
    if (!this.#lexer.isBetween) throw this.#failure('the file ends inside this statement');
    await this.#admit(this.#definers, this.#schemas);
    this.#report.tables = await this.#countTables();
    if (this.#report.tables === 0)
      throw new DumpError(`${this.#file}: no table came from it; give a dump that holds a database`);
    return this.#report;
  }

  close(): void {
    this.#session.destroy();
  }

  async #take(line: string): Promise<void> {
    if (this.#lexer.isBetween) {
      this.#line = this.#lines.number;
      this.#named ??= /^-- Host: .*Database: (\S+)\s*$/.exec(line)?.[1];
      if (complaint.test(line)) return this.#warn(`left out, as it is no SQL: ${headOf(line)}`);
      const command = commandIn(line);
      if (command !== undefined)
        throw this.#failure('a command of the client is not followed; give plain SQL', command);
    }
    for (const statement of this.#lexer.take(line)) {
      await this.#run(statement);
      this.#line = this.#lines.number;
    }
  }

  async #run(statement: string): Promise<void> {
    this.#report.statements += 1;
    const what = kindOf(statement);
    if (what.kind === 'left-out') return this.#warn(`left out, as ${what.because}: ${headOf(statement)}`);
    if (what.kind === 'refused') throw this.#failure(what.because, statement);
    if (what.kind === 'use' || what.kind === 'schema') return this.#enter(what, statement);
    if (this.#isForeign(schemaIn(statement) ?? this.#schema)) return;
    if (what.kind === 'account') return this.#runForAccount(statement);
    if (what.kind === 'setting') return this.#set(statement);
    await this.#chooseSchema();
    await this.#makeDefiner(statement);
    const affected = await this.#send(statement, what.kind === 'clean' ? errors.nothingToDrop : []);
    if (/^(INSERT|REPLACE)\b/i.test(statement)) this.#report.rows += affected;
    if (what.kind === 'table') await this.#warnOfEngine(statement);
  }

  /** Schemas of the server itself, and the run's own, are not for a dump. */
  #isForeign(name: string | undefined): boolean {
    return name !== undefined && [...systemSchemas, ...this.#options.ownSchemas].includes(name.toLowerCase());
  }

  async #enter(what: { kind: 'use' | 'schema'; name: string }, statement: string): Promise<void> {
    const { name, kind } = what;
    if (this.#isForeign(name)) {
      if (kind === 'use' && this.#schema !== name)
        this.#warn(
          systemSchemas.includes(name.toLowerCase())
            ? `the schema ${name} is the server's own, so what follows in it was left out`
            : `the schema ${name} is the run's own, so it was left out and is made anew`,
        );
      if (kind === 'use') this.#schema = name;
      return;
    }
    await this.#send(statement, /^DROP\b/i.test(statement) ? errors.nothingToDrop : []);
    if (kind === 'use') this.#schema = name;
    if (!/^DROP\b/i.test(statement)) await this.#add(name);
  }

  async #add(schema: string): Promise<void> {
    if (this.#schemas.has(schema)) return;
    this.#schemas.add(schema);
    await this.#admit(this.#definers, [schema]);
  }

  /** A dump of one schema does not name it: it goes where the client was told to, which only its head remembers. */
  async #chooseSchema(): Promise<void> {
    if (this.#schema !== undefined) return;
    const name = this.#named !== undefined && !this.#isForeign(this.#named) ? this.#named : APP_SCHEMA;
    await this.#session.query('CREATE DATABASE IF NOT EXISTS ??', [name]);
    await this.#session.query('USE ??', [name]);
    this.#schema = name;
    await this.#add(name);
  }

  async #set(statement: string): Promise<void> {
    const encoding = /^SET\s+(?:NAMES|CHARACTER\s+SET)\s+'?(\w+)|\bcharacter_set_client\s*=\s*'?(\w+)/i.exec(
      statement.replace(/^\/\*M?!\d*/, '').trim(),
    );
    const name = encoding?.[1] ?? encoding?.[2] ?? '';
    if (ambiguous.test(name))
      throw this.#failure(
        `the file is written in ${name}, in which letters may hold the signs of quotes; dump again with --default-character-set=utf8mb4`,
        statement,
      );
    await this.#send(statement, [errors.unknownVariable]);
    if (/sql_mode/i.test(statement)) await this.#heedMode();
  }

  async #heedMode(): Promise<void> {
    const [rows] = await this.#session.query<mysql.RowDataPacket[]>('SELECT @@sql_mode AS mode');
    this.#lexer.escapes = !/NO_BACKSLASH_ESCAPES/.test(String(rows[0]?.mode));
  }

  async #runForAccount(statement: string): Promise<void> {
    const account = accountIn(statement);
    if (account && systemUsers.includes(account.user)) return;
    if (account && [...this.#options.ownUsers, APP_USER].includes(account.user))
      return this.#warn(`the account ${account.user} is as the run needs it: left out: ${headOf(statement)}`);
    if (givesTooMuch(statement))
      return this.#warn(`left out, as RDS gives nobody such rights: ${headOf(statement)}`);
    const name = account && `${quoted(account.user)}@${quoted(account.host)}`;
    // It was made for what runs as it, and now comes as it was.
    if (name && this.#definers.has(name) && /^CREATE\b/i.test(statement))
      await this.#database.sql.query(`DROP USER ${name}`);
    await this.#send(statement, errors.accountFailed);
  }

  /**
   * RDS has such an account, or the object would not run. In a session of our own: the dump's may hold locks on its tables.
   */
  async #makeDefiner(statement: string): Promise<void> {
    const definer = definerIn(statement);
    if (!definer) return;
    const { sql } = this.#database;
    const name = `${quoted(definer.user)}@${quoted(definer.host)}`;
    if (this.#definers.has(name)) return;
    const [known] = await sql.query('SELECT 1 AS found FROM mysql.user WHERE user = ? AND host = ?', [
      definer.user,
      definer.host,
    ]);
    if (known) return;
    await sql.query(`CREATE USER ${name} ACCOUNT LOCK`);
    this.#definers.add(name);
    await this.#admit([name], this.#schemas);
    this.#warn(
      `the dump does not make the account ${name}, as which things run; it was made, locked, with all rights on the schemas of the dump`,
    );
  }

  /** A view that reads through another one needs the rights of its definer at once. */
  async #admit(definers: Iterable<string>, schemas: Iterable<string>): Promise<void> {
    const names = [...schemas].map((name) => `\`${name.replaceAll('`', '``').replaceAll(/[_%]/g, '\\$&')}\``);
    for (const definer of definers)
      for (const name of names) await this.#database.sql.query(`GRANT ALL ON ${name}.* TO ${definer}`);
  }

  /** Where a server may choose another engine than a table asks for, nobody would see it. */
  async #warnOfEngine(statement: string): Promise<void> {
    const [warnings] = await this.#session.query<mysql.RowDataPacket[]>('SHOW WARNINGS');
    for (const { Code, Message } of warnings)
      if (Code === errors.otherEngine) this.#warn(`${textOf(String(Message))}: ${headOf(statement)}`);
  }

  /** @returns rows that it affected; 0 where one of the tolerated errors came */
  async #send(statement: string, tolerated: readonly number[]): Promise<number> {
    try {
      const [result] = await this.#session.query(statement);
      return 'affectedRows' in result ? result.affectedRows : 0;
    } catch (failure) {
      const { errno = 0, message } = failure as { errno?: number; message: string };
      if (!tolerated.includes(errno)) throw this.#failure(this.#explain(errno, textOf(message)), statement);
      this.#warn(`left out: ${headOf(statement)} (${textOf(message)})`);
      return 0;
    }
  }

  #explain(errno: number, message: string): string {
    const { flavour, version } = this.#database.server.programs;
    const label = flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
    if (errors.unknownCollation.some((code) => code === errno))
      return `${message}: ${label} ${version} does not know it. Give --engine ${flavour === 'mariadb' ? 'mysql' : 'mariadb'} where the dump is of that family, or servers that know it by --mysql-bin`;
    return message;
  }

  async #countTables(): Promise<number> {
    const names = [...this.#schemas];
    if (names.length === 0) return 0;
    const [row] = await this.#database.sql.query(
      `SELECT COUNT(*) AS tables FROM information_schema.tables WHERE table_type <> 'VIEW' AND table_schema IN (?)`,
      [names],
    );
    return Number(row?.tables);
  }

  #warn(text: string): void {
    this.#report.warnings.push(`line ${this.#line}: ${text}`);
  }

  #failure(message: string, statement = ''): DumpError {
    const head = statement && `\n  ${headOf(textOf(statement.slice(0, 2_000)))}`;
    return new DumpError(`${this.#file}, line ${this.#line}: ${message}${head}`);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Letters of a text that came as single bytes. */
const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
