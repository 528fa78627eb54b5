import { basename } from 'node:path';
import mysql from 'mysql2/promise';
import { type Client, type Connection, type Key, type Kind, now, type Written } from './client.ts';

/** How clients of the driver `mysql2` differ. */
interface Habits {
  /** Run once a session. */
  onConnect?: readonly string[];
  /** What opens a transaction; without it every statement is one of its own. */
  begin?: string;
}

/** The ways in which real clients of MySQL and MariaDB write. To add one, add a line. */
export const MYSQL_KINDS: readonly Kind[] = [
  kind('mysql2', { begin: 'START TRANSACTION' }),
  kind('mysql2, START TRANSACTION READ WRITE', { begin: 'START TRANSACTION READ WRITE' }),
  kind('mysql2, autocommit off', { onConnect: ['SET autocommit=0'], begin: 'DO 0' }),
  kind('mysql2, SET SESSION TRANSACTION READ WRITE', {
    onConnect: ['SET SESSION TRANSACTION READ WRITE'],
    begin: 'BEGIN',
  }),
];

function kind(name: string, habits: Habits): Kind {
  return { name, needsSession: false, lanes: 1, connect: (connection) => open(connection, habits) };
}

async function open(
  { host, port, user, database, connectionTimeoutMillis }: Connection,
  habits: Habits,
): Promise<Client> {
  const session = await mysql
    .createConnection({
      ...{ host, port, user, database },
      connectTimeout: connectionTimeoutMillis,
      charset: 'utf8mb4_general_ci',
    })
    .catch(withCode);
  session.on('error', () => {});
  const run = async (sql: string, values?: unknown[]) => {
    const [rows] = await session.query(sql, values).catch(withCode);
    return rows;
  };
  const begin = async () => {
    await run('SET NAMES utf8mb4 COLLATE utf8mb4_general_ci');
    for (const statement of habits.onConnect ?? []) await run(statement);
    // Folders of data are named after the resource ids of their databases.
    const [row] = (await run('SELECT @@GLOBAL.datadir AS folder')) as { folder: string }[];
    return basename(row?.folder ?? '');
  };
  // A session that cannot begin would be nobody's, and stay.
  const server = await begin().catch((failure: unknown) => {
    session.destroy();
    throw failure;
  });
  return {
    write: (key) => writeIn(run, habits, key, server),
    end: async () => session.destroy(),
  };
}

/** A session that was killed fails without a code, and the driver has wrong names for some numbers of MariaDB. */
function withCode(failure: unknown): never {
  const { errno, code } = failure as { errno?: number; code?: string };
  throw Object.assign(failure as Error, {
    code: errno && errno > 0 ? String(errno) : (code ?? 'connection lost'),
  });
}

type Run = (sql: string, values?: unknown[]) => Promise<unknown>;

async function writeIn(run: Run, { begin = 'BEGIN' }: Habits, key: Key, server: string): Promise<Written> {
  await run(begin);
  if (!(await place(run, key))) {
    await run('ROLLBACK');
    return { isNew: false, server: null, askedAt: now() };
  }
  const askedAt = now();
  await run('COMMIT');
  return { isNew: true, server, askedAt };
}

/** @returns false when the key was there already */
async function place(run: Run, { writer, n, account }: Key): Promise<boolean> {
  const placed = (await run(
    'INSERT IGNORE INTO orders (writer, n, account_id, quantity, unit_price) VALUES (?, ?, ?, ?, 19.99)',
    [writer, n, account, 1 + (n % 5)],
  )) as { affectedRows: number; insertId: number };
  if (placed.affectedRows === 0) return false;
  const order = placed.insertId;
  await run('INSERT INTO order_items (order_id, line, article, details) VALUES (?, 1, ?, ?), (?, 2, ?, ?)', [
    ...[order, 'article 1', '{"gift": true}'],
    ...[order, 'article 2', '{}'],
  ]);
  await run('UPDATE accounts SET balance = balance + 1, changed_at = NOW(6) WHERE id = ?', [account]);
  await run('INSERT INTO audit_log (writer, n, order_id) VALUES (?, ?, ?)', [writer, n, order]);
  return true;
}
