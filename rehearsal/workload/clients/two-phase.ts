import { type Client, type Connection, type Key, now, type Query, type Written } from './client.ts';
import { connectPg, queryOf } from './pg-client.ts';
import { placeOrder, wasThere } from './statements.ts';

/** Begins the identifiers of the prepared transactions of writers. */
const PREFIX = 'rehearsal';

/** An attempt whose connection broke may still be writing the key, and the next one would wait for it for ever. */
const OPTIONS = '-c lock_timeout=2s';

/**
 * A client of a transaction manager: it prepares, and commits what is prepared. A connection that breaks between the two leaves the
 * prepared transaction behind, so every attempt looks first whether an earlier one has left its own, and finishes it.
 */
export async function openTwoPhaseClient(connection: Connection): Promise<Client> {
  const session = await connectPg(connection, OPTIONS);
  const query = queryOf(session);
  let mayHaveLeft = true;
  return {
    async write(key) {
      const id = `${PREFIX} ${key.writer}/${key.n}`;
      const left = mayHaveLeft && (await isPrepared(query, id));
      mayHaveLeft = false;
      return left ? finish(query, id) : prepareAndCommit(query, id, key);
    },
    end: () => session.end(),
  };
}

async function isPrepared(query: Query, id: string): Promise<boolean> {
  const rows = await query('SELECT FROM pg_prepared_xacts WHERE gid = $1 AND database = current_database()', [
    id,
  ]);
  return rows.length > 0;
}

async function prepareAndCommit(query: Query, id: string, key: Key): Promise<Written> {
  await query('BEGIN READ WRITE');
  const server = await placeOrder(query, key);
  if (server === undefined) {
    await query('ROLLBACK');
    return wasThere();
  }
  await query(`PREPARE TRANSACTION '${id}'`);
  return commitPrepared(query, id, server);
}

async function finish(query: Query, id: string): Promise<Written> {
  const [{ server } = {}] = await query("SELECT current_setting('cluster_name') AS server");
  return commitPrepared(query, id, String(server));
}

async function commitPrepared(query: Query, id: string, server: string): Promise<Written> {
  const askedAt = now();
  await query(`COMMIT PREPARED '${id}'`);
  return { isNew: true, server, askedAt };
}

/** Rolls back what these writers have left prepared when they were ended by force: none of it was acknowledged. */
export async function rollBackPrepared(connection: Connection, isOurs: (writer: number) => boolean) {
  const session = await connectPg(connection, '-c default_transaction_read_only=off');
  try {
    const rows = await queryOf(session)(
      'SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, $1)',
      [`${PREFIX} `],
    );
    for (const { gid } of rows) {
      const writer = Number.parseInt(String(gid).slice(PREFIX.length + 1), 10);
      if (isOurs(writer)) await session.query(`ROLLBACK PREPARED '${gid}'`);
    }
  } finally {
    await session.end().catch(() => {});
  }
}
