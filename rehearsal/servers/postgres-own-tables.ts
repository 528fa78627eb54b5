import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { APP_DATABASE, APP_ROLE, type Database } from '../../packages/local-aws/postgres/database.ts';
import { tablesOf } from '../../packages/local-aws/postgres/tables.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';

/** Real milliseconds between two tables. */
const betweenMs = 20;

/** SQLSTATE object_not_in_prerequisite_state: the table is published, and its rows cannot be told apart on the other side. */
const NO_IDENTITY = '55000';

interface OwnTable {
  name: string;
  /** A column that may be written. */
  column: string;
}

/**
 * An application that changes rows of the user's own tables, one table after the other, and takes everything back: what replication forbids
 * shows, and the tables stay as they are. Everything else that such a statement may meet says nothing of replication.
 */
export class OwnTables {
  readonly #port: number;
  readonly #tables: OwnTable[];
  readonly #unchangeable = new Map<string, string>();
  #client: pg.Client | undefined;
  #stopped = false;
  #working: Promise<void> = Promise.resolve();

  private constructor(port: number, tables: OwnTable[]) {
    this.#port = port;
    this.#tables = tables;
  }

  /** @param port of the application's endpoint */
  static async touch(blue: Database, port: number): Promise<OwnTables> {
    const touching = new OwnTables(port, await changeableTables(blue));
    touching.#working = touching.#work();
    return touching;
  }

  /** @returns the tables that could no longer be changed, and what the server said */
  async stop(): Promise<{ table: string; error: string }[]> {
    this.#stopped = true;
    await this.#working;
    return [...this.#unchangeable].map(([table, error]) => ({ table, error }));
  }

  async #work(): Promise<void> {
    while (!this.#stopped && this.#tables.length > 0)
      for (const { name, column } of this.#tables) {
        if (this.#stopped) break;
        await this.#touchOne(name, column);
        await pause(betweenMs);
      }
    await this.#leave();
  }

  async #touchOne(table: string, column: string): Promise<void> {
    try {
      this.#client ??= await connect(this.#port);
      for (const change of [`UPDATE ${table} SET ${column} = ${column}`, `DELETE FROM ${table}`])
        await this.#client.query(
          `BEGIN; ${change} WHERE ctid = (SELECT min(ctid) FROM ONLY ${table}); ROLLBACK`,
        );
    } catch (failure) {
      const { code, message } = failure as { code?: string; message: string };
      if (code === NO_IDENTITY) this.#unchangeable.set(table, message);
      await this.#leave();
    }
  }

  async #leave(): Promise<void> {
    const left = this.#client;
    this.#client = undefined;
    // A connection that is broken may never say that it has ended.
    await Promise.race([left?.end().catch(() => {}), pause(1_000)]);
  }
}

async function connect(port: number): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: APP_ROLE, database: APP_DATABASE },
    application_name: 'own tables',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function changeableTables({ sql }: Database): Promise<OwnTable[]> {
  const isOurs = (name: string) => name.startsWith('viridian.') || name.startsWith(`${WORKLOAD_SCHEMA}.`);
  const found: OwnTable[] = [];
  for (const { name } of (await tablesOf(sql)).filter((table) => !isOurs(table.name))) {
    const { rows } = await sql.query<{ column: string }>(
      `SELECT quote_ident(attname) AS column FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity <> 'a'
        ORDER BY attnum DESC LIMIT 1`,
      [name],
    );
    if (rows[0]) found.push({ name, column: rows[0].column });
  }
  return found;
}
