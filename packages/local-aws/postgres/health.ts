import type { DataPlane } from '../rds/data-plane.ts';
import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import { type Link, linksOf } from './link.ts';
import type { UnreplicatedChanges } from './unreplicated.ts';

type Replication = Awaited<ReturnType<DataPlane['replication']>>;

interface Sender {
  active: boolean;
  lost: boolean;
  confirmed: string;
  bytes: string;
  seconds: number | null;
}

interface Receiver {
  enabled: boolean;
  running: boolean;
  errors: number;
  copying: number;
}

/** Apply fails about every 100 ms while its cause lasts; so long without a failure means that the cause is gone. */
const QUIET_MS = 500;

/** How the links of all databases of a pair do: as bad as the worst, as late as the latest. */
export class PairHealth {
  readonly #parts: LinkHealth[];
  readonly #changes: UnreplicatedChanges | undefined;

  /** @param changes of blue that are not replicated, where somebody looks for them */
  constructor(link: Link, changes?: UnreplicatedChanges) {
    this.#parts = linksOf(link).map((part) => new LinkHealth(part));
    this.#changes = changes;
  }

  async read(): Promise<Replication> {
    const parts = await Promise.all(this.#parts.map((part) => part.read()));
    const bad = parts.find(({ state }) => state !== 'replicating') ?? (await this.#readChanges());
    const latest = (pick: (part: Replication) => number | null) =>
      parts.some((part) => pick(part) === null) ? null : Math.max(...parts.map((part) => pick(part) ?? 0));
    return {
      ...(bad ?? { state: 'replicating' as const }),
      lagSeconds: latest(({ lagSeconds }) => lagSeconds),
      lagBytes: latest(({ lagBytes }) => lagBytes),
    };
  }

  async #readChanges(): Promise<Pick<Replication, 'state' | 'message'> | undefined> {
    const message = await this.#changes?.find().catch(() => undefined);
    return message === undefined ? undefined : { state: 'degraded', message };
  }
}

/**
 * Reads how one link does. The lag in bytes alone says nothing: a link whose apply fails stays a few hundred bytes
 * behind as long as nobody writes. So every reading also looks at the worker, the slot and the error counters, and an error
 * counts until the confirmed position has moved on or reached blue's and no other error has come, because the worker looks alive between two failures.
 */
class LinkHealth {
  readonly #link: Link;
  #errors = 0;
  /** Position at which apply failed last. */
  #stuckAt: string | undefined;
  #isQuiet: IsLate = () => true;
  #progress = { confirmed: '', at: realClock.now() };

  constructor(link: Link) {
    this.#link = link;
  }

  /** A side that does not answer is a state of its own, and not a healthy one. */
  async read(): Promise<Replication> {
    try {
      return this.#judge(...(await Promise.all([readSender(this.#link), readReceiver(this.#link)])));
    } catch (failure) {
      const message = `replication cannot be read: ${(failure as Error).message}`;
      return { state: 'degraded', lagSeconds: null, lagBytes: null, message };
    }
  }

  #judge(sender: Sender | undefined, receiver: Receiver | undefined): Replication {
    if (!sender || !receiver) {
      return { state: 'stopped', lagSeconds: null, lagBytes: null, message: 'there is no replication' };
    }
    const problem = this.#problem(sender, receiver);
    const lagBytes = Number(sender.bytes);
    const lagSeconds = this.#lagSeconds(sender, lagBytes, problem !== undefined);
    if (problem === undefined) return { state: 'replicating', lagSeconds, lagBytes };
    return { state: 'degraded', lagSeconds, lagBytes, message: problem };
  }

  #problem(sender: Sender, receiver: Receiver): string | undefined {
    if (receiver.errors > this.#errors) {
      this.#errors = receiver.errors;
      this.#stuckAt = sender.confirmed;
      this.#isQuiet = lateAfter(QUIET_MS);
    }
    const hasMoved = sender.confirmed !== this.#stuckAt || sender.bytes === '0';
    if (receiver.running && sender.active && hasMoved && this.#isQuiet()) this.#stuckAt = undefined;
    if (sender.lost) return 'blue has removed log that green still needs; green must be built again';
    if (!receiver.enabled) return 'the subscription on green is disabled';
    if (this.#stuckAt !== undefined) return `green cannot apply a change: ${lastWorkerError(this.#link)}`;
    if (!receiver.running) return 'the apply worker on green is not running';
    if (!sender.active) return 'the slot on blue is not in use';
    if (receiver.copying > 0) return `${receiver.copying} tables are not completely copied`;
    return undefined;
  }

  /** Blue's own measurement while the stream flows; else the time since the confirmed position has last moved. */
  #lagSeconds(sender: Sender, bytes: number, broken: boolean): number | null {
    const now = realClock.now();
    if (sender.confirmed !== this.#progress.confirmed)
      this.#progress = { confirmed: sender.confirmed, at: now };
    if (broken) return (now - this.#progress.at) / 1000;
    return bytes === 0 ? 0 : (sender.seconds ?? 0);
  }
}

async function readSender({ blue, name }: Link): Promise<Sender | undefined> {
  const { rows } = await blue.sql.query<Sender>(
    `SELECT s.active, s.wal_status = 'lost' AS lost, s.confirmed_flush_lsn::text AS confirmed,
            greatest(0, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), s.confirmed_flush_lsn)) AS bytes,
            extract(epoch FROM r.flush_lag)::float8 AS seconds
       FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = $1`,
    [name],
  );
  return rows[0];
}

async function readReceiver({ green, name }: Link): Promise<Receiver | undefined> {
  const { rows } = await green.sql.query<Receiver>(
    `SELECT s.subenabled AS enabled,
            EXISTS (SELECT FROM pg_stat_subscription w WHERE w.subid = s.oid AND w.relid IS NULL AND w.pid IS NOT NULL) AS running,
            (SELECT coalesce(sum(e.apply_error_count + e.sync_error_count), 0)::int
               FROM pg_stat_subscription_stats e WHERE e.subid = s.oid) AS errors,
            (SELECT count(*)::int FROM pg_subscription_rel t WHERE t.srsubid = s.oid AND t.srsubstate <> 'r') AS copying
       FROM pg_subscription s WHERE s.subname = $1`,
    [name],
  );
  return rows[0];
}

/** PostgreSQL tells why an apply worker failed in its log and nowhere else. */
export function lastWorkerError({ green }: Link): string {
  const lines = green.server.logTail(64_000).split('\n');
  const error = lines.findLast((line) => line.includes('logical replication') && line.includes('ERROR:'));
  return error?.replace(/^.*?ERROR:\s*/, '') ?? 'the reason is in its log';
}
