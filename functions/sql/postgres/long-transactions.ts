import type { LongTransaction } from '../../domain/hold/transactions.ts';
import { namesTold } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { isForeign } from './foreign-sessions.ts';
import { type Session, withSession } from './session.ts';

/** How long an ended session may take to go, in seconds: its work is taken back by nobody, PostgreSQL only forgets it. */
const endWithin = 5;

/** Transactions that have written and are older than the limit, and prepared ones. A session of the server itself, such as an autovacuum, is none. */
export function longTransactions(input: Input<'long-transactions'>): Promise<Answer<'long-transactions'>> {
  return withSession(input, 'postgres', async (session) => ({ left: await read(session, input) }));
}

/**
 * Ends the sessions whose transaction is older than the limit as it is read here, and looks until they are gone. A prepared transaction belongs
 * to a transaction manager that will ask for it: none is ended.
 */
export function endTransactions(input: Input<'end-transactions'>): Promise<Answer<'end-transactions'>> {
  return withSession(input, 'postgres', async (session) => {
    const until = performance.now() + 1_000 * endWithin;
    await session.query(
      `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid WHERE ${isLong} AND NOT r.rolsuper`,
      [input.olderThanSeconds],
    );
    for (;;) {
      const left = await read(session, input);
      const sessions = left.filter(({ pid }) => pid !== null);
      if (sessions.length === 0 || performance.now() > until) return { left };
      await session.query('SELECT pg_sleep(0.05)');
    }
  });
}

const isLong = `${isForeign} AND a.backend_xid IS NOT NULL AND a.xact_start < clock_timestamp() - make_interval(secs => $1)`;

/** PostgreSQL 14 and later know a statement by an id, where that is turned on. Otherwise the text without its values is digested. */
const digest = `coalesce(to_jsonb(a)->>'query_id', left(encode(sha256(convert_to(
  regexp_replace(a.query, '''(''''|[^''])*''|\\m[0-9.]+\\M', '?', 'g'), 'UTF8')), 'hex'), 16))`;

async function read(
  session: Session,
  { olderThanSeconds }: { olderThanSeconds: number },
): Promise<LongTransaction[]> {
  const { rows } = await session.query<Omit<LongTransaction, 'prepared'> & { prepared: string | null }>(
    `SELECT a.datname AS database, a.pid, a.usename AS "user", extract(epoch FROM clock_timestamp() - a.xact_start)::int AS seconds,
            a.state LIKE 'idle%' AS idle, ${digest} AS query, NULL AS prepared
       FROM pg_stat_activity a WHERE ${isLong}
     UNION ALL
     SELECT database, NULL, owner, extract(epoch FROM clock_timestamp() - prepared)::int, true, NULL, gid
       FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - make_interval(secs => $1)
      ORDER BY 4 DESC LIMIT ${namesTold + 1}`,
    [olderThanSeconds],
  );
  return rows.map(({ prepared, ...open }) => (prepared === null ? open : { ...open, prepared }));
}
