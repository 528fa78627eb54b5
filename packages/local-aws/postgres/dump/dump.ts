import { createReadStream, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DumpError } from '../../dump/dump-error.ts';
import { type DumpReport, type OnProgress, tellsProgress } from '../../dump/progress.ts';
import { openScript, type PgRestore, type ScriptFile } from '../../dump/script-file.ts';
import { ScriptLines } from '../../dump/script-lines.ts';
import { type Database, otherDatabase, ownerConnection } from '../database.ts';
import { countTables, unloggedTablesOf } from '../tables.ts';
import {
  alteringRole,
  databaseIn,
  extensionIn,
  headOf,
  inDatabase,
  keptByRds,
  kindOf,
  roleMadeIn,
  roleSetIn,
  rolesIn,
  type StatementKind,
  settingIn,
  toleratingSchema,
  withoutCheck,
  withoutKeptRights,
  withoutTablespace,
} from './dump-statement.ts';
import { NotThisEncoding, ScriptEncoding } from './encoding.ts';
import { isOwnRole, isReserved, knownRoles, letCreate, makeRoles } from './load-roles.ts';
import { type PsqlCommand, readCommand } from './psql-command.ts';
import { CommandInStatement, StatementLexer } from './statement-lexer.ts';

/** SQLSTATEs of a thing that is not there: object (also a setting), function, table, schema, column. */
const MISSING = ['42704', '42883', '42P01', '3F000', '42703'];
/** SQLSTATE duplicate_object. */
const DUPLICATE = '42710';

export interface DumpOptions {
  /** Program that reads archives. */
  pgRestore?: PgRestore;
  /** Go on without extensions that this server does not have, and without what needs them. */
  skipExtensions?: boolean;
  /** No table and no row need come of it. */
  mayBeEmpty?: boolean;
  /** Only some rows are there, so that what a foreign key refers to may be missing. */
  foreignKeysUnchecked?: boolean;
  onProgress?: OnProgress;
}

/** A script that is being read: the file itself, or one that it includes. */
interface Script {
  name: string;
  file: ScriptFile;
  lines: ScriptLines;
}

/** A line of the script that stands for the pieces of a program's complaint, as `pg_dump … > file 2>&1` leaves it. */
const COMPLAINT = /^(pg_dump|pg_dumpall|pg_restore): /;

/** Settings that would lead elsewhere than to this server: RDS keeps all tables on one disk. */
const NOT_SET = new Set(['default_tablespace', 'temp_tablespaces']);

/**
 * Loads a dump into a database and keeps its schema for green. The file is read as a stream, so its size does not matter. A dump of several
 * databases makes each of them: the first is the application's. Roles that it names are made. Any statement that fails ends the load with
 * its line, except for settings that this major does not know and for things to be dropped that are not there.
 * @throws DumpError
 */
export async function loadDump(
  database: Database,
  file: string,
  options: DumpOptions = {},
): Promise<DumpReport> {
  const loader = new DumpLoader(database, options);
  try {
    await loader.load(file, await openScript(file, options.pgRestore));
    return loader.report;
  } finally {
    await loader.close();
  }
}

/** The same from bytes that a program writes, such as pg_dump on another server. `name`: for messages. */
export async function loadScript(
  database: Database,
  name: string,
  script: ScriptFile,
  options: DumpOptions = {},
): Promise<DumpReport> {
  const loader = new DumpLoader(database, options);
  try {
    await loader.load(name, script);
    return loader.report;
  } finally {
    await loader.close();
  }
}

class DumpLoader {
  readonly report: DumpReport = { statements: 0, tables: 0, rows: 0, warnings: [] };
  readonly #main: Database;
  readonly #options: DumpOptions;
  /** Databases by their names in the dump. The first one that is connected to is the application's. */
  readonly #databases = new Map<string, Database>();
  #database: Database;
  #client: Client;
  #encoding: ScriptEncoding;
  #lexer = new StatementLexer();
  readonly #scripts: Script[] = [];
  readonly #skippedExtensions: string[] = [];
  /** Where the statement in hand begins. */
  #place = '';
  readonly #tellProgress: (file: ScriptFile) => void;
  #inTransaction = false;
  /** The application's database has got something before any was named. */
  #isMainTaken = false;

  constructor(database: Database, options: DumpOptions) {
    this.#main = database;
    this.#database = database;
    this.#options = options;
    this.#tellProgress = tellsProgress(options.onProgress);
    this.#client = new Client(ownerConnection(database.server, database.name));
    this.#encoding = new ScriptEncoding(this.#client);
  }

  async load(name: string, file: ScriptFile): Promise<void> {
    const before = await countTables(this.#main.sql);
    await this.#open(this.#main);
    await this.#readScript({ name, file, lines: new ScriptLines(file.chunks) });
    await this.#leave();
    this.report.tables = -before;
    for (const each of [this.#main, ...this.#main.others]) this.report.tables += await countTables(each.sql);
    if (this.report.tables <= 0 && this.report.rows === 0 && !this.#options.mayBeEmpty)
      throw new DumpError(`${name}: no table and no row came from it; give a dump that holds a database`);
    await this.#warnOfUnlogged();
  }

  async close(): Promise<void> {
    for (const { file } of this.#scripts) file.close();
    await this.#client.end().catch(() => {});
  }

  /** The rows of a load that fails are thrown away, so nothing has to wait for the disk. */
  async #open(database: Database): Promise<void> {
    this.#database = database;
    this.#client = new Client(ownerConnection(database.server, database.name));
    this.#client.on('error', () => {});
    await this.#client.connect();
    await this.#client.query('SET synchronous_commit = off');
    this.#encoding = new ScriptEncoding(this.#client);
    this.#lexer.escapesInStrings = false;
  }

  /** What the dump has set for its session must not reach what is run on green after it. */
  async #leave(): Promise<void> {
    this.#keep('RESET SESSION AUTHORIZATION', 'RESET ALL');
    await this.#client.end();
  }

  async #warnOfUnlogged(): Promise<void> {
    for (const { sql } of [this.#main, ...this.#main.others]) {
      const names = (await unloggedTablesOf(sql)).join(', ');
      if (names) this.report.warnings.push(`unlogged, so replication leaves them empty on green: ${names}`);
    }
  }

  async #readScript(script: Script): Promise<void> {
    this.#scripts.push(script);
    const { lines, name } = script;
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      this.#tell();
      if (this.#lexer.isBetween) this.#place = `${name}, line ${lines.number}`;
      const text = line.toString('latin1');
      if (this.#lexer.isBetween && text.startsWith('\\')) await this.#follow(await this.#decode(text));
      else if (this.#lexer.isBetween && COMPLAINT.test(text))
        this.#warn(`left out, a message of a program: ${text}`);
      else await this.#take(text);
    }
    if (!this.#lexer.isBetween) throw this.#failure('the file ends inside this statement');
    this.#scripts.pop();
    script.file.close();
  }

  async #take(line: string): Promise<void> {
    let statements: string[];
    try {
      statements = this.#lexer.take(line);
    } catch (failure) {
      if (!(failure instanceof CommandInStatement)) throw failure;
      throw this.#refusal(readCommand(failure.message), failure.message);
    }
    for (const statement of statements) await this.#run(await this.#decode(statement));
  }

  #tell(): void {
    const [outer] = this.#scripts;
    if (outer) this.#tellProgress(outer.file);
  }

  async #decode(bytes: string): Promise<string> {
    try {
      return await this.#encoding.decode(bytes);
    } catch (failure) {
      throw failure instanceof NotThisEncoding ? this.#failure(failure.message, bytes) : failure;
    }
  }

  async #follow(line: string): Promise<void> {
    const command = readCommand(line);
    if (command.kind === 'refused') throw this.#refusal(command, line);
    if (command.kind === 'connect') await this.#connect(command.database);
    if (command.kind === 'encoding') await this.#setEncoding(command.name);
    if (command.kind === 'include') await this.#include(command.file, command.beside);
    if (command.kind === 'copy-here') await this.#run(command.sql);
    if (command.kind === 'copy') await this.#copyFile(command.sql, command.file);
  }

  #refusal(command: PsqlCommand, line: string): DumpError {
    const because =
      command.kind === 'refused'
        ? command.because
        : 'a command of psql that ends a statement is not followed; end the statement with a semicolon';
    return this.#failure(because, line);
  }

  /** The first database of a dump, but for those that every server has, becomes the application's; each other one is its own. */
  async #connect(name: string): Promise<void> {
    await this.#leave();
    await this.#open(await this.#databaseNamed(name));
  }

  async #databaseNamed(name: string): Promise<Database> {
    const known = this.#databases.get(name);
    if (known) return known;
    const isEverywhere = name === 'postgres' || name === 'template1';
    const isFirst = !this.#isMainTaken && ![...this.#databases.values()].includes(this.#main);
    const database =
      isFirst && !isEverywhere ? this.#main : await otherDatabase(this.#main, name, { make: !isEverywhere });
    this.#databases.set(name, database);
    return database;
  }

  async #include(file: string, beside: boolean): Promise<void> {
    if (this.#scripts.length > 10) throw this.#failure(`${file} is included too deep`);
    const path = this.#beside(file, beside);
    const name = path;
    const place = this.#place;
    const opened = await openScript(path, undefined).catch((failure: Error) => {
      throw new DumpError(`${place}: ${failure.message}`);
    });
    await this.#readScript({ name, file: opened, lines: new ScriptLines(opened.chunks) });
  }

  /** psql looks for `\i` where it was started; nobody knows where that was, so beside the script as well. */
  #beside(file: string, only: boolean): string {
    const script = this.#scripts.at(-1)?.name ?? '';
    const path = resolve(dirname(script), file);
    return !only && !existsSync(path) && existsSync(resolve(file)) ? resolve(file) : path;
  }

  async #copyFile(sql: string, file: string): Promise<void> {
    const path = this.#beside(file, false);
    if (!existsSync(path)) throw this.#failure(`${path} cannot be read: there is no such file`, sql);
    await this.#tolerating('copy', sql, () => this.#copy(sql, createReadStream(path)));
  }

  async #setEncoding(name: string): Promise<void> {
    try {
      await this.#encoding.set(name);
    } catch (failure) {
      throw this.#failure((failure as Error).message);
    }
  }

  async #run(statement: string): Promise<void> {
    const kind = kindOf(statement);
    this.report.statements += 1;
    if (kind === 'left-out') return this.#warn(`left out: ${headOf(statement)}`);
    if (kind === 'database') return this.#runForDatabase(statement);
    if (kind === 'server-file')
      throw this.#failure(
        'the rows would come from a file or a program of the server; RDS gives nobody its files. Put them into the dump, or use \\copy',
        statement,
      );
    if (kind === 'setting' && (await this.#heedSetting(statement))) return;
    if (!(await this.#makeRoles(statement))) return;
    if (!(await this.#checkExtension(statement))) return;
    if (kind === 'role') return this.#runForRole(statement);
    if (kind !== 'setting' && this.#database === this.#main) this.#isMainTaken = true;
    if (kind === 'copy') {
      const rows = this.#scripts.at(-1)?.lines.until('\\.') ?? [];
      await this.#tolerating(kind, statement, () => this.#copy(statement, rows), rows);
      return;
    }
    const unchecked = this.#options.foreignKeysUnchecked ? withoutCheck(statement) : statement;
    const sql = withoutTablespace(toleratingSchema(unchecked));
    if (sql !== unchecked && /TABLESPACE/i.test(statement) && !/TABLESPACE/i.test(sql))
      this.#warn(`RDS keeps everything on one disk, so the tablespace was left out: ${headOf(statement)}`);
    const since = kind === 'call' ? await this.#position() : '';
    const done = await this.#tolerating(kind, sql, async () => {
      const { rowCount, command } = await this.#client.query(sql);
      if (command === 'INSERT') this.report.rows += rowCount ?? 0;
    });
    if (!done) return;
    this.#noteTransaction(statement);
    if (kind === 'schema' || kind === 'setting' || kind === 'clean') this.#keep(sql);
    if (kind === 'call' && (await this.#hasMadeObjects(since))) this.#keep(sql);
  }

  /** For green, and for whoever asks where something of the schema came from. */
  #keep(...statements: string[]): void {
    for (const sql of statements) this.#database.schema.push({ sql, place: this.#place });
  }

  #noteTransaction(statement: string): void {
    if (/^(BEGIN|START)\b/i.test(statement)) this.#inTransaction = true;
    if (/^(COMMIT|ROLLBACK|END)\b(?!\s+TO\b)/i.test(statement)) this.#inTransaction = false;
  }

  /** Where the server's transactions stand, so that what a call has made can be told from what was there. */
  async #position(): Promise<string> {
    const { rows } = await this.#client.query<{ next: string }>(
      'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next',
    );
    return rows[0]?.next ?? '';
  }

  async #hasMadeObjects(since: string): Promise<boolean> {
    const catalogs = [
      'class',
      'attribute',
      'proc',
      'type',
      'namespace',
      'constraint',
      'trigger',
      'policy',
      'extension',
    ];
    const looks = catalogs.map((name) => `SELECT FROM pg_${name} WHERE xmin::text::bigint >= ${since}`);
    const { rowCount } = await this.#client.query(
      `SELECT FROM (${looks.join(' UNION ALL ')}) AS made LIMIT 1`,
    );
    return rowCount === 1;
  }

  /**
   * Runs something of the dump. A failure that says nothing of the dump is a warning; every other one ends the load.
   * @param rows that belong to it and are stepped over when it is left out
   * @returns whether it was done
   */
  async #tolerating(
    kind: StatementKind,
    sql: string,
    work: () => Promise<void>,
    rows?: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<boolean> {
    const guards = this.#inTransaction && this.#mayGoOn(kind);
    if (guards) await this.#client.query('SAVEPOINT before_statement');
    try {
      await work();
      if (guards) await this.#client.query('RELEASE before_statement').catch(() => {});
      return true;
    } catch (failure) {
      const because = this.#whyTolerable(kind, sql, failure as { code?: string; message: string });
      if (because === undefined) throw this.#explained(failure as Error, sql);
      if (guards) await this.#client.query('ROLLBACK TO before_statement');
      if (rows) for await (const _block of rows);
      this.#warn(because);
      return false;
    }
  }

  /** Only a statement that may fail without an end needs something to go back to. */
  #mayGoOn(kind: StatementKind): boolean {
    return this.#skippedExtensions.length > 0 || kind === 'setting' || kind === 'clean';
  }

  #whyTolerable(
    kind: StatementKind,
    sql: string,
    { code = '', message }: { code?: string; message: string },
  ) {
    const isMissing = MISSING.includes(code);
    if (kind === 'setting' && code === '42704') return message;
    if (kind === 'clean' && isMissing) return `nothing to take away: ${message}`;
    if (code === DUPLICATE && /^CREATE\b.*\bLANGUAGE\s+plpgsql\b/is.test(sql)) return message;
    if (this.#skippedExtensions.length > 0 && isMissing)
      return `left out, as it needs what was left out: ${headOf(sql)} (${message})`;
    return undefined;
  }

  #explained({ message, where }: Error & { where?: string }, sql: string): DumpError {
    return this.#failure(where ? `${message} (${where.split('\n')[0]})` : message, sql);
  }

  async #copy(sql: string, rows: Readable | AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const copying = this.#client.query(copyFrom(this.#encoding.ofCopy(sql)));
    await pipeline(this.#watched(rows as AsyncIterable<Buffer>), copying);
    this.report.rows += copying.rowCount ?? 0;
  }

  async *#watched(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const block of rows) {
      this.#tell();
      yield block;
    }
  }

  /** Settings that concern how the script is read. @returns whether the server need not hear of it */
  async #heedSetting(statement: string): Promise<boolean> {
    const setting = settingIn(statement);
    if (setting?.name === 'client_encoding') {
      await this.#setEncoding(setting.value);
      return true;
    }
    if (setting && NOT_SET.has(setting.name)) {
      if (setting.value !== '')
        this.#warn(`RDS keeps everything on one disk, so it was left out: ${headOf(statement)}`);
      return true;
    }
    if (setting?.name === 'standard_conforming_strings')
      this.#lexer.escapesInStrings = /^(off|false|no|0)$/i.test(setting.value);
    return false;
  }

  async #runForDatabase(statement: string): Promise<void> {
    const name = databaseIn(statement) ?? '';
    const settings = /^ALTER\s+DATABASE\b.*?\s((?:SET|RESET)\s.*)$/is.exec(statement)?.[1];
    if (/^CREATE\b/i.test(statement) || !settings || /\bTABLESPACE\b/i.test(settings)) {
      if (!/^(CREATE|DROP)\b/i.test(statement)) this.#warn(`left out: ${headOf(statement)}`);
      return;
    }
    const database = await this.#databaseNamed(name);
    const sql = `ALTER DATABASE "${database.name.replaceAll('"', '""')}" ${settings}`;
    await this.#tolerating('setting', sql, async () => void (await database.sql.query(sql)));
    database.schema.push({ sql, place: this.#place });
  }

  async #runForRole(statement: string): Promise<void> {
    const made = roleMadeIn(statement);
    const named = made ?? rolesIn(statement).find(isOwnRole);
    const isGrant = /^(GRANT|REVOKE)\b/i.test(statement);
    if (named !== undefined && (isOwnRole(named) || isReserved(named)) && !isGrant)
      return this.#warn(`the role "${named}" is as RDS has it, so this was left out: ${headOf(statement)}`);
    const kept = keptByRds(statement);
    if (kept.length > 0 && !isGrant)
      this.#warn(`RDS gives nobody ${kept.join(', ')}, so it was left out: ${headOf(statement)}`);
    const { database, named: within } = inDatabase(statement);
    if (database !== undefined) return this.#runForRoleIn(await this.#databaseNamed(database), within);
    const allowed = isGrant ? statement : withoutKeptRights(statement);
    const isThere = made !== undefined && (await knownRoles(this.#client, [made])).has(made);
    const sql = isThere ? alteringRole(allowed) : allowed;
    await this.#tolerating(/^DROP\b/i.test(sql) ? 'clean' : 'role', sql, async () => {
      await this.#client.query(sql);
    });
  }

  /** What a role sets in one database, which has a name of its own here, is no part of the role: green needs it as well. */
  async #runForRoleIn(database: Database, within: (name: string) => string): Promise<void> {
    const sql = within(database.name);
    await this.#tolerating('setting', sql, async () => void (await database.sql.query(sql)));
    database.schema.push({ sql, place: this.#place });
  }

  /**
   * In a session of our own: the dump's may have given up its rights for those of an owner.
   * @returns whether the statement can be run: PostgreSQL keeps names for roles, and a newer major has more of them
   */
  async #makeRoles(statement: string): Promise<boolean> {
    const { sql } = this.#database;
    const named = rolesIn(statement).filter((name) => name !== roleMadeIn(statement));
    if (named.length === 0) return true;
    const known = await knownRoles(sql, named);
    const missing = named.filter((name) => !known.has(name));
    const reserved = missing.find(isReserved);
    if (reserved !== undefined) {
      this.#warn(`this major has no role "${reserved}", so this was left out: ${headOf(statement)}`);
      return false;
    }
    if (/^DROP\b/i.test(statement)) return true;
    await makeRoles(sql, missing);
    const acting = roleSetIn(statement);
    if (acting !== undefined && missing.includes(acting)) {
      this.#keep(...(await letCreate(sql, acting)));
      this.#warn(`the dump does not make the role "${acting}"; it was made, with the right to make objects`);
    }
    return true;
  }

  async #checkExtension(statement: string): Promise<boolean> {
    const name = extensionIn(statement);
    if (name === undefined) return true;
    const { sql, server } = this.#database;
    const known = await sql.query('SELECT FROM pg_available_extensions WHERE name = $1', [name]);
    if (known.rowCount === 1) return true;
    if (this.#options.skipExtensions) {
      this.#skippedExtensions.push(name);
      this.#warn(`left out, as PostgreSQL ${server.binaries.version} has no extension "${name}" here`);
      return false;
    }
    throw this.#failure(
      `the extension "${name}" does not come with the rehearsal's PostgreSQL ${server.binaries.version}. RDS may have it. Give --skip-extensions to go on without it and without what needs it, --pg-bin with programs that have it, or remove it from the dump`,
      statement,
    );
  }

  #warn(text: string): void {
    const place = this.#scripts.length > 1 ? this.#place : this.#place.replace(/^.*, (?=line )/, '');
    this.report.warnings.push(`${place}: ${text}`);
  }

  #failure(message: string, statement = ''): DumpError {
    const head = statement && `\n  ${headOf(statement)}`;
    return new DumpError(`${this.#place}: ${message}${head}`);
  }
}
