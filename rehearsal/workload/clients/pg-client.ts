import pg from 'pg';
import { type Client, type Connection, type Key, now, type Query, type Written } from './client.ts';
import { placeOrder, wasThere, writeInOne } from './statements.ts';

/** How clients of the driver `pg` differ. */
export interface Habits {
  /** Settings in the start-up packet, as `-c name=value`. */
  options?: string;
  /** Run once a session, with the number of the writer. */
  onConnect?: (query: Query, connection: Connection) => Promise<unknown>;
  /** What opens a transaction. */
  begin?: readonly string[];
  /** `mixed`: every second key is written by a single statement. */
  writes?: 'mixed' | 'transactions' | 'statements';
}

/** A session of the driver `pg` that reports a broken connection by its next query only. */
export async function connectPg(connection: Connection, options?: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, ...(options && { options }) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Statements of a session, or of one that was taken out of a pool. */
export const queryOf =
  (session: Pick<pg.Client, 'query'>): Query =>
  async (text, values) =>
    (await session.query(text, values)).rows;

/** Opens one session and keeps it. */
export async function openPgClient(connection: Connection, habits: Habits): Promise<Client> {
  const session = await connectPg(connection, habits.options);
  const query = queryOf(session);
  try {
    await habits.onConnect?.(query, connection);
  } catch (failure) {
    session.end().catch(() => {});
    throw failure;
  }
  return {
    write: (key) => writeAs(habits, query, key),
    end: () => session.end(),
  };
}

/** Writes a key in the way of these habits. */
export function writeAs({ writes = 'mixed', begin = ['BEGIN'] }: Habits, query: Query, key: Key) {
  if (writes === 'statements' || (writes === 'mixed' && key.n % 2 === 1)) return writeInOne(query, key);
  return writeInTransaction(begin, query, key);
}

async function writeInTransaction(begin: readonly string[], query: Query, key: Key): Promise<Written> {
  for (const statement of begin) await query(statement);
  const server = await placeOrder(query, key);
  if (server === undefined) {
    await query('ROLLBACK');
    return wasThere();
  }
  const askedAt = now();
  await query('COMMIT');
  return { isNew: true, server, askedAt };
}
