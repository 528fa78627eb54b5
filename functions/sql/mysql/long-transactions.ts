import type { LongTransaction } from '../../domain/hold/transactions.ts';
import { namesTold } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { isForeign, readPrepared } from './clients.ts';
import { codeOf } from './failure.ts';
import { type Session, withSession } from './session.ts';

/** How long a session may take to go, in milliseconds. What it has written is taken back first, which may take longer: it is still named then. */
const endWithin = 5_000;
/**
 * Between two looks, in seconds. InnoDB shows what it has gathered before until nobody has read it for 0.1 s (MySQL 8.4 manual, "Persistence and
 * Consistency of InnoDB Transaction and Locking Information"): quicker looks would never see anything new.
 */
const pause = 0.15;

/** Transactions that have written and are older than the limit, and prepared ones. The stream of RDS is none. */
export function longTransactions(input: Input<'long-transactions'>): Promise<Answer<'long-transactions'>> {
  return withSession(input, async (session) => ({ left: await read(session, input.olderThanSeconds) }));
}

/**
 * Ends the sessions whose transaction is older than the limit as it is read here, and looks until they are gone. A prepared transaction belongs
 * to a transaction manager that will ask for it: none is ended.
 */
export function endTransactions(input: Input<'end-transactions'>): Promise<Answer<'end-transactions'>> {
  return withSession(input, async (session) => {
    const until = performance.now() + endWithin;
    for (const { pid } of await read(session, input.olderThanSeconds))
      if (pid !== null)
        await session.query('CALL mysql.rds_kill(?)', [pid]).catch((error: unknown) => {
          // It has gone by itself.
          if (codeOf(error) !== '1094') throw error;
        });
    for (;;) {
      const left = await read(session, input.olderThanSeconds);
      if (left.every(({ pid }) => pid === null) || performance.now() > until) return { left };
      await session.query(`DO SLEEP(${pause})`);
    }
  });
}

interface Row {
  database: string | null;
  pid: number;
  user: string;
  seconds: number;
  idle: number;
  query: string | null;
}

/** InnoDB writes the beginning by the clock of the system, whatever the time zone of a session. */
const age = "TIMESTAMPDIFF(SECOND, t.trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM'))";

async function read(session: Session, olderThanSeconds: number): Promise<LongTransaction[]> {
  const rows = await session.query<Row>(
    `SELECT p.db AS \`database\`, p.id AS pid, p.user, ${age} AS seconds, p.command = 'Sleep' AS idle,
            (SELECT LEFT(s.digest, 16) FROM performance_schema.threads h JOIN performance_schema.events_statements_current s ON s.thread_id = h.thread_id
              WHERE h.processlist_id = p.id AND s.digest IS NOT NULL LIMIT 1) AS query
       FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
      WHERE ${isForeign} AND t.trx_rows_modified > 0 AND ${age} > ? ORDER BY 4 DESC LIMIT ${namesTold + 1}`,
    [olderThanSeconds],
  );
  const sessions = rows.map(({ database, pid, seconds, idle, ...row }) => ({
    ...row,
    database: database ?? '',
    pid: Number(pid),
    seconds: Number(seconds),
    idle: Number(idle) === 1,
  }));
  return [...sessions, ...(await readLongPrepared(session, olderThanSeconds))];
}

/** A prepared transaction without a session is known by its name here and by its age there, so the oldest age counts for all of them. */
async function readLongPrepared(session: Session, olderThanSeconds: number): Promise<LongTransaction[]> {
  const [oldest] = await session.query<{ seconds: number | null }>(
    `SELECT MAX(${age}) AS seconds FROM information_schema.innodb_trx t WHERE t.trx_mysql_thread_id = 0`,
  );
  const seconds = Number(oldest?.seconds ?? 0);
  if (seconds <= olderThanSeconds) return [];
  const prepared = await readPrepared(session);
  return prepared.map((name) => ({
    ...{ database: '', pid: null, user: '', seconds, idle: true, query: null },
    prepared: name,
  }));
}
