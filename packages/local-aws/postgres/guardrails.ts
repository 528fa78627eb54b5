import { APP_DATABASE, type Database } from './database.ts';
import { foreignSessions, isReadOnly } from './fence.ts';
import type { PairHealth } from './health.ts';
import type { Link } from './link.ts';
import { OWNER } from './server/server.ts';

/** What a switchover is refused for. */
export interface GuardrailLimits {
  /** A transaction that is open longer than this, in seconds, counts as long. */
  longTransactionSeconds: number;
  /** Also long transactions that have not written: a pause waits for those as well, a cut does not. */
  readersToo: boolean;
}

/**
 * The guardrails that RDS runs before a switchover, as far as they concern data. All reasons are reported.
 * Source: Amazon RDS User Guide, "Switchover guardrails" for blue/green deployments.
 */
export async function findGuardrails(
  link: Link,
  health: PairHealth,
  limits: GuardrailLimits,
): Promise<string[]> {
  const findings = await Promise.all([
    replicationTrouble(health),
    longTransactions(link.blue, limits),
    preparedTransactions(link.blue),
    foreignReplication(link),
    writesOnGreen(link.green),
  ]);
  return findings.flat();
}

async function replicationTrouble(health: PairHealth): Promise<string[]> {
  const { state, message } = await health.read();
  return state === 'replicating' ? [] : [`Replication to green is ${state}: ${message}.`];
}

async function longTransactions(blue: Database, limits: GuardrailLimits): Promise<string[]> {
  const { rows } = await blue.sql.query<{ pid: number; role: string; seconds: number }>(
    `SELECT pid, usename AS role, extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
       FROM pg_stat_activity
      WHERE datname = $1 AND backend_type = 'client backend' AND usename <> $2
        AND xact_start < clock_timestamp() - make_interval(secs => $3) AND (backend_xid IS NOT NULL OR $4)
      ORDER BY xact_start`,
    [APP_DATABASE, OWNER, limits.longTransactionSeconds, limits.readersToo],
  );
  return rows.map(
    (row) =>
      `A transaction on blue has been open for ${row.seconds} s (process ${row.pid}, role ${row.role}).`,
  );
}

/** Seconds after which a prepared transaction counts as left behind: a client that is alive holds one for milliseconds. */
const forgottenAfter = 1;

async function preparedTransactions(blue: Database): Promise<string[]> {
  const { rows } = await blue.sql.query<{ gid: string }>(
    'SELECT gid FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - make_interval(secs => $1)',
    [forgottenAfter],
  );
  return rows.map((row) => `Blue holds the prepared transaction "${row.gid}".`);
}

/** Blue must neither publish to nor subscribe from anybody else: the cut would leave the other side behind. */
async function foreignReplication({ blue, name }: Link): Promise<string[]> {
  const { rows } = await blue.sql.query<{ what: string }>(
    `SELECT format('logical replication slot %I', slot_name) AS what FROM pg_replication_slots
      WHERE slot_type = 'logical' AND slot_name <> $1 AND NOT temporary
     UNION ALL SELECT format('subscription %I', subname) FROM pg_subscription`,
    [name],
  );
  return rows.map((row) => `Blue takes part in another replication: ${row.what}.`);
}

async function writesOnGreen(green: Database): Promise<string[]> {
  const writers = (await foreignSessions(green)).filter((session) => session.writing);
  const reasons = writers.map(
    (writer) => `A session writes on green (process ${writer.pid}, role ${writer.role}).`,
  );
  return (await isReadOnly(green)) ? reasons : [...reasons, 'Green accepts writes of applications.'];
}
