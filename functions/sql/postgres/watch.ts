import type { StreamFacts } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { slotName, subscription } from './names.ts';
import { type Server, type Session, withKeptSession } from './session.ts';

/** Both ends of every stream, and one beat a database that travels through it: that is the proof that rows arrive. */
export function watch(input: Input<'watch'>): Promise<Answer<'watch'>> {
  return readBothEnds(input, (session) => sendBeat(session, input.executionArn));
}

/** The same without a beat. */
export function readStreams(input: Input<'read-streams'>): Promise<Answer<'read-streams'>> {
  return readBothEnds(input, async (session) => (await readBeat(session)).beat ?? 0);
}

async function readBothEnds(
  input: Input<'watch'>,
  beatOf: (session: Session) => Promise<number>,
): Promise<Answer<'watch'>> {
  const production = { ...input.production, login: input.login };
  const target = { ...input.target, login: input.login };
  const streams = await sideBySide(input.databases, (database) =>
    readStream(production, target, database, beatOf),
  );
  return { streams };
}

/**
 * The second look follows in seconds, so the sessions are kept for it. That hinders nobody: while the stream flows, its own session
 * keeps the database from being dropped or renamed.
 */
async function readStream(
  production: Server,
  target: Server,
  database: string,
  beatOf: (session: Session) => Promise<number>,
): Promise<StreamFacts> {
  const sent = await withKeptSession(production, database, async (session) => ({
    beat: await beatOf(session),
    slot: await readSlotState(session, database),
  }));
  const arrived = await withKeptSession(target, database, async (session) => ({
    ...(await readBeat(session)),
    subscription: await readSubscriptionState(session),
  }));
  return {
    database,
    slot: sent.slot,
    subscription: arrived.subscription,
    beat: { sent: sent.beat, arrived: arrived.beat, arrivedAgeSeconds: arrived.ageSeconds },
  };
}

async function sendBeat(session: Session, run: string): Promise<number> {
  const { rows } = await session.query<{ beat: string }>(
    `INSERT INTO viridian.heartbeat AS h (name, run, beat, at) VALUES ('beat', $1, 1, clock_timestamp())
       ON CONFLICT (name) DO UPDATE SET run = excluded.run, beat = h.beat + 1, at = excluded.at RETURNING beat`,
    [run],
  );
  return Number(rows[0]?.beat);
}

async function readBeat(session: Session): Promise<{ beat: number | null; ageSeconds: number | null }> {
  const { rows } = await session.query<{ beat: string; age: number }>(
    `SELECT beat, extract(epoch FROM clock_timestamp() - at)::float8 AS age FROM viridian.heartbeat WHERE name = 'beat'`,
  );
  const [row] = rows;
  return row ? { beat: Number(row.beat), ageSeconds: row.age } : { beat: null, ageSeconds: null };
}

async function readSlotState(session: Session, database: string): Promise<StreamFacts['slot']> {
  const { rows } = await session.query<{
    active: boolean;
    walStatus: string | null;
    because: string | null;
    retained: string | null;
    confirmed: string;
    lag: string;
  }>(
    `SELECT active, wal_status AS "walStatus", to_jsonb(s) ->> 'invalidation_reason' AS because,
            confirmed_flush_lsn::text AS confirmed,
            pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS retained,
            greatest(0, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), confirmed_flush_lsn)) AS lag
       FROM pg_replication_slots s WHERE slot_name = $1`,
    [slotName(database)],
  );
  const [slot] = rows;
  if (!slot) return null;
  const { retained, lag, because, ...rest } = slot;
  // A slot without a restart position is lost and keeps nothing.
  const bytes = { retainedBytes: Number(retained ?? 0), lagBytes: Number(lag) };
  return { ...rest, ...bytes, ...(because !== null && { because }) };
}

async function readSubscriptionState(session: Session): Promise<StreamFacts['subscription']> {
  const { rows } = await session.query<{
    id: number;
    enabled: boolean;
    workerAlive: boolean;
    received: string | null;
    tablesNotReady: number;
    counted: boolean;
  }>(
    `SELECT s.oid::int AS id, s.subenabled AS enabled, w.pid IS NOT NULL AS "workerAlive", w.received_lsn::text AS received,
            (SELECT count(*)::int FROM pg_subscription_rel t WHERE t.srsubid = s.oid AND t.srsubstate <> 'r') AS "tablesNotReady",
            to_regclass('pg_catalog.pg_stat_subscription_stats') IS NOT NULL AS counted
       FROM pg_subscription s LEFT JOIN pg_stat_subscription w ON w.subid = s.oid AND w.relid IS NULL
      WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [subscription],
  );
  const [found] = rows;
  if (!found) return null;
  const { id, counted, ...state } = found;
  return { ...state, applyErrors: counted ? await readApplyErrors(session, id) : null };
}

async function readApplyErrors(session: Session, id: number): Promise<number> {
  const { rows } = await session.query<{ errors: number }>(
    `SELECT (apply_error_count + sync_error_count)::int AS errors FROM pg_stat_subscription_stats WHERE subid = $1`,
    [id],
  );
  return rows[0]?.errors ?? 0;
}
