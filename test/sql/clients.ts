import pg from 'pg';
import { APP_DATABASE, APP_ROLE } from '../../packages/local-aws/postgres/database.ts';

const row = "INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, 'a client')";

/** What a client says to write one row. `options` are those of the start of its session. */
interface Kind {
  options?: string;
  says: string[];
}

/** Every way in which clients write that are known to override a read-only default, and the plain one. */
const kinds: Record<string, Kind> = {
  plain: { says: [row] },
  'BEGIN READ WRITE': { says: ['BEGIN READ WRITE', row, 'COMMIT'] },
  'SET TRANSACTION': { says: ['BEGIN', 'SET TRANSACTION READ WRITE', row, 'COMMIT'] },
  'session characteristics': { says: ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', row] },
  'session setting': { says: ['SET default_transaction_read_only = off', row] },
  'start-up option': { options: '-c default_transaction_read_only=off', says: [row] },
  'two phases': {
    says: ['BEGIN READ WRITE', row, "PREPARE TRANSACTION 'of a client'", "COMMIT PREPARED 'of a client'"],
  },
};

export const kindsOfClients = Object.keys(kinds);

/** A session of such a client, under the application's role. */
export async function openClient(kind: string, port: number): Promise<pg.Client> {
  const { options } = kinds[kind] as Kind;
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: APP_ROLE,
    database: APP_DATABASE,
    ...(options && { options }),
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Says it all; resolves when the database has acknowledged it, rejects with the first refusal. */
export async function writeAs(kind: string, client: pg.Client): Promise<'acknowledged'> {
  for (const statement of (kinds[kind] as Kind).says) await client.query(statement);
  return 'acknowledged';
}

/** A whole visit: a session of its own, one row, and goodbye. */
export async function visit(kind: string, port: number): Promise<'acknowledged'> {
  const client = await openClient(kind, port);
  return writeAs(kind, client).finally(() => client.end().catch(() => {}));
}
