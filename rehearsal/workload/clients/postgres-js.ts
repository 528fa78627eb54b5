import postgres from 'postgres';
import { type Client, type Connection, type Key, now, type Query, type Written } from './client.ts';
import { placeOrder, wasThere } from './statements.ts';

/**
 * A client of the driver `postgres` ("Postgres.js"). It prepares every statement by name, and connects anew by itself when a connection
 * is lost, so its transactions are functions, which fail as a whole.
 */
export async function openPostgresJsClient({
  connectionTimeoutMillis,
  user,
  application_name,
  ...place
}: Connection): Promise<Client> {
  surviveLostSockets();
  const sql = postgres({
    ...place,
    username: user,
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: connectionTimeoutMillis / 1_000,
    connection: { application_name },
    onnotice: () => {},
  });
  return {
    write: (key) => orLostSocket(writeInTransaction(sql, key)),
    end: () => sql.end({ timeout: 1 }),
  };
}

const queryOf =
  (sql: Pick<postgres.Sql, 'unsafe'>): Query =>
  async (text, values = []) => [...(await sql.unsafe(text, values as never[], { prepare: true }))];

async function writeInTransaction(sql: postgres.Sql, key: Key): Promise<Written> {
  let askedAt = 0;
  const server = await sql.begin('read write', async (transaction) => {
    const taker = await placeOrder(queryOf(transaction), key);
    askedAt = now();
    return taker;
  });
  return server === undefined ? wasThere() : { isNew: true, server, askedAt };
}

/** Ends the writes that are under way, by telling their clients that the connection is lost. */
const underWay = new Set<() => void>();
let survives = false;

/**
 * Version 3.4.9 writes to a socket that is gone when a connection breaks between two statements: the error ends the process, and the
 * statement is never answered (https://github.com/porsager/postgres/issues/1208). Here it is the client's lost connection that it is.
 */
function surviveLostSockets(): void {
  if (survives) return;
  survives = true;
  process.on('uncaughtException', (error) => {
    if (!error.stack?.includes('nextWrite')) throw error;
    for (const lose of underWay) lose();
  });
}

async function orLostSocket<T>(writing: Promise<T>): Promise<T> {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  const lose = () => reject(new Error('the connection was lost'));
  underWay.add(lose);
  try {
    return await Promise.race([writing, lost]);
  } finally {
    underWay.delete(lose);
  }
}
