import pg from 'pg';
import type { Client, Connection, Key } from './client.ts';
import { queryOf, writeAs } from './pg-client.ts';

/** Server connections; fewer than there are logical clients, so that they change hands. */
const SERVER_CONNECTIONS = 2;

/** How long a client waits for its turn on a server connection, in milliseconds: as PgBouncer, by the default of its `query_wait_timeout`. */
const WAIT_FOR_TURN_MS = 120_000;

/** Logical clients of one pool. */
export const POOLED_CLIENTS = 4;

/**
 * A pooler in transaction mode: every transaction runs on whichever server connection is free, so a client meets sessions that others have
 * used. A connection that fails is given up alone; the pool opens another.
 */
export async function openPooledClient(connection: Connection): Promise<Client> {
  const pool = new pg.Pool({
    ...connection,
    max: SERVER_CONNECTIONS,
    connectionTimeoutMillis: WAIT_FOR_TURN_MS,
  });
  pool.on('error', () => {});
  const underWay = new Set<Promise<unknown>>();
  const write = async (key: Key) => {
    const session = await pool.connect();
    // A session that breaks while it is lent out reports it here as well as by its query.
    const ignore = () => {};
    session.on('error', ignore);
    try {
      const written = await writeAs({}, queryOf(session), key);
      session.off('error', ignore);
      session.release();
      return written;
    } catch (failure) {
      session.release(true);
      throw failure;
    }
  };
  return {
    write(key) {
      const writing = write(key);
      const settle = () => underWay.delete(writing);
      underWay.add(writing);
      writing.then(settle, settle);
      return writing;
    },
    // A pool that ends forgets those who wait for a connection.
    async end() {
      await Promise.allSettled(underWay);
      await pool.end();
    },
  };
}
