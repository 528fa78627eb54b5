import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Client, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { APP_DATABASE, type Database, ownerConnection, withSession } from '../database.ts';
import { extensionIn, kindOf, rolesIn } from './dump-statement.ts';
import { ScriptLines } from './script-lines.ts';
import { StatementLexer } from './statement-lexer.ts';

/** SQLSTATE undefined_object: here, a setting that this major does not have. */
const UNKNOWN_SETTING = '42704';

/** A dump that cannot be loaded. The message begins with file and line. */
export class DumpError extends Error {}

export interface DumpReport {
  statements: number;
  /** What was left out, and why, with line numbers. */
  warnings: string[];
}

/**
 * Loads a plain `pg_dump` file into a database and keeps its schema for green. The file is read as a stream, so its size does
 * not matter. Roles that it names are made. Any statement that fails ends the load with its line, except settings
 * that this major does not know.
 */
export async function loadDump(database: Database, file: string): Promise<DumpReport> {
  await refuseOtherFormats(file);
  const session = ownerConnection(database.server, APP_DATABASE);
  return withSession(session, async (client) => {
    // The rows of a load that fails are thrown away, so nothing has to wait for the disk.
    await client.query('SET synchronous_commit = off');
    const loader = new DumpLoader(database, client, file);
    await loader.load();
    return loader.report;
  });
}

async function refuseOtherFormats(file: string): Promise<void> {
  const handle = await open(file).catch((error: Error) => {
    throw new DumpError(`${file} cannot be read: ${error.message}`);
  });
  try {
    if ((await handle.stat()).isDirectory())
      throw new DumpError(`${file} is a folder; give a plain pg_dump file`);
    const { buffer } = await handle.read(Buffer.alloc(5), 0, 5, 0);
    const isArchive = buffer.toString('latin1') === 'PGDMP';
    const isPacked = buffer[0] === 0x1f && buffer[1] === 0x8b;
    if (!isArchive && !isPacked) return;
    const cure = isArchive ? `pg_restore -f plain.sql ${file}` : `gunzip ${file}`;
    throw new DumpError(`${file} is not a plain SQL file; make one with: ${cure}`);
  } finally {
    await handle.close();
  }
}

class DumpLoader {
  readonly report: DumpReport = { statements: 0, warnings: [] };
  readonly #database: Database;
  readonly #client: Client;
  readonly #file: string;
  readonly #lines: ScriptLines;
  readonly #roles = new Set<string>();
  /** Line on which the statement in hand begins. */
  #line = 0;

  constructor(database: Database, client: Client, file: string) {
    this.#database = database;
    this.#client = client;
    this.#file = file;
    this.#lines = new ScriptLines(createReadStream(file, { highWaterMark: 1 << 20 }));
  }

  async load(): Promise<void> {
    const lexer = new StatementLexer();
    for (let line = await this.#lines.next(); line !== undefined; line = await this.#lines.next()) {
      if (lexer.isBetween) this.#line = this.#lines.number;
      const text = line.toString('utf8');
      if (lexer.isBetween && text.startsWith('\\')) this.#skipCommand(text);
      else for (const statement of lexer.take(text)) await this.#run(statement);
    }
    if (!lexer.isBetween) throw this.#failure('the file ends inside this statement');
    // What the dump has set for its session must not reach what is run on green after it.
    this.#database.schema.push('RESET SESSION AUTHORIZATION', 'RESET ALL');
    await this.#warnOfUnlogged();
  }

  async #warnOfUnlogged(): Promise<void> {
    const { rows } = await this.#database.sql.query<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u' ORDER BY 1`,
    );
    const names = rows.map(({ name }) => name).join(', ');
    if (names) this.report.warnings.push(`unlogged, so replication leaves them empty on green: ${names}`);
  }

  /** Lines for psql: `\restrict` guards psql itself; `\connect` belongs to a dump that makes its database. */
  #skipCommand(text: string): void {
    if (!/^\\(un)?restrict\b/.test(text)) this.#warn(`"${text}" is for psql and was left out`);
  }

  async #run(statement: string): Promise<void> {
    const kind = kindOf(statement);
    this.report.statements += 1;
    if (kind === 'left-out') {
      this.#warn(`left out: ${headOf(statement)}`);
      return;
    }
    await this.#makeRoles(statement);
    await this.#checkExtension(statement);
    const sql = statement.replace(/^CREATE\s+SCHEMA\s+(?!IF\b)/i, 'CREATE SCHEMA IF NOT EXISTS ');
    try {
      if (kind === 'copy') await this.#copy(sql);
      else await this.#client.query(sql);
    } catch (failure) {
      const { code, message, where } = failure as { code?: string; message: string; where?: string };
      if (kind !== 'setting' || code !== UNKNOWN_SETTING) {
        throw this.#failure(where ? `${message} (${where.split('\n')[0]})` : message, statement);
      }
      this.#warn(message);
      return;
    }
    if (kind === 'schema' || kind === 'setting') this.#database.schema.push(sql);
    if (kind === 'refresh') this.#database.afterCopy.push(sql);
  }

  async #copy(sql: string): Promise<void> {
    await pipeline(this.#lines.until('\\.'), this.#client.query(copyFrom(sql)));
  }

  /** In a session of our own: the dump's may have given up its rights for those of an owner. */
  async #makeRoles(statement: string): Promise<void> {
    for (const role of rolesIn(statement).filter((name) => !this.#roles.has(name))) {
      this.#roles.add(role);
      const { sql } = this.#database;
      const known = await sql.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (known.rowCount === 0) await sql.query(`CREATE ROLE ${escapeIdentifier(role)}`);
    }
  }

  async #checkExtension(statement: string): Promise<void> {
    const name = extensionIn(statement);
    if (name === undefined) return;
    const known = await this.#database.sql.query('SELECT FROM pg_available_extensions WHERE name = $1', [
      name,
    ]);
    if (known.rowCount === 1) return;
    throw this.#failure(
      `the extension "${name}" does not come with the rehearsal's PostgreSQL ${this.#database.server.binaries.version}; remove what needs it from the dump`,
      statement,
    );
  }

  #warn(text: string): void {
    this.report.warnings.push(`line ${this.#line}: ${text}`);
  }

  #failure(message: string, statement = ''): DumpError {
    const head = statement && `\n  ${headOf(statement)}`;
    return new DumpError(`${this.#file}, line ${this.#line}: ${message}${head}`);
  }
}

function headOf(statement: string): string {
  const line = statement.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
