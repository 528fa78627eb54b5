import type { Sample } from '../metric-store.ts';
import { Background, type BackgroundClock } from '../rds/background.ts';
import { realClock } from '../real-clock.ts';
import { type Database, OWN_SESSIONS, type Sql } from './database.ts';

const minute = 60_000;
const oneDay = 24 * 60 * minute;
/** Active sessions are sampled so often in a minute. */
const samplesAMinute = 10;

/** What a server says of its clients. All but the first two only grow. */
interface Counters {
  connections: number;
  /** Sessions that run a statement or wait in one. */
  active: number;
  /** Rows that clients wrote. */
  written: number;
  blocks: number;
  /** Milliseconds that reading those blocks took. */
  reading: number;
}

type Look = Counters & {
  /** Real milliseconds: the servers live in real time, whatever the clock of the run says. */
  at: number;
};

/**
 * Measures servers once a minute of the run's clock, under the names that CloudWatch has. Everything is read from the server itself:
 *
 * - `DatabaseConnections`: sessions of clients, without our own;
 * - `ReadLatency`: seconds that a block took to be read, by `track_io_timing`; 0 when none was read, as RDS has it;
 * - `WriteLatency`: seconds that clients spent in statements for each row written; 0 when none was. On RDS it is the time of a disk's
 *   write, which a server on this machine does not tell. What makes writers wait raises both.
 *
 * CPU is not metered for each server here, so there is no `CPUUtilization`.
 */
export class MetricRecorder {
  readonly #clock: BackgroundClock;
  readonly #background: Background;
  readonly #samples = new Map<string, Map<string, Sample[]>>();
  readonly #followed = new Set<string>();

  constructor(clock: BackgroundClock) {
    this.#clock = clock;
    this.#background = new Background(clock);
  }

  /** Measures a database from now on. */
  follow({ resourceId, sql }: Pick<Database, 'resourceId' | 'sql'>): void {
    this.#followed.add(resourceId);
    this.#background.run(() => this.#record(resourceId, sql));
  }

  /** The database is gone; what was measured stays. */
  forget(resourceId: string): void {
    this.#followed.delete(resourceId);
  }

  stop(): void {
    this.#background.stop();
  }

  of(resourceId: string, metric: string): Sample[] {
    return this.#samples.get(resourceId)?.get(metric) ?? [];
  }

  async #record(resourceId: string, sql: Sql): Promise<void> {
    const step = minute / samplesAMinute;
    let looks: Look[] = [];
    while (this.#followed.has(resourceId)) {
      await this.#background.sleep(step - (this.#clock.now() % step));
      const now = this.#clock.now();
      // A server that stops or is being fenced does not answer: no point, as on RDS.
      const look = await readCounters(sql).catch(() => undefined);
      if (look) looks.push(look);
      else looks = [];
      if (now % minute >= step) continue;
      this.#add(resourceId, Math.floor(now / minute) * minute - minute, looks);
      looks = looks.slice(-1);
    }
  }

  /** `at`: beginning of the minute that has just ended; the first of its looks is the last of the minute before. */
  #add(resourceId: string, at: number, looks: Look[]): void {
    const [first, last] = [looks[0], looks.at(-1)];
    if (!first || !last || looks.length < samplesAMinute / 2) return;
    const values = {
      DatabaseConnections: last.connections,
      ReadLatency: share(last.reading - first.reading, last.blocks - first.blocks) / 1_000,
      WriteLatency: share(timeInStatements(looks), last.written - first.written) / 1_000,
    };
    const series = this.#samples.get(resourceId) ?? new Map<string, Sample[]>();
    this.#samples.set(resourceId, series);
    for (const [metric, value] of Object.entries(values)) {
      const kept = (series.get(metric) ?? []).filter((sample) => sample.at > at - oneDay);
      series.set(metric, [...kept, { at, value }]);
    }
  }
}

/**
 * Milliseconds that all clients together spent in statements: active sessions times the time until the next look. The server's own sum
 * (`active_time`) leaves out what a statement waits for while it is parsed, such as the lock of a table.
 */
function timeInStatements(looks: Look[]): number {
  return looks
    .slice(1)
    .reduce((sum, { at, active }, index) => sum + active * (at - (looks[index]?.at ?? at)), 0);
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

async function readCounters(sql: Sql): Promise<Look | undefined> {
  const { rows } = await sql.query<Counters>(
    `SELECT clients.connections, clients.active,
            (tup_inserted + tup_updated + tup_deleted)::float8 AS written,
            blks_read::float8 AS blocks, blk_read_time AS reading
       FROM pg_stat_database,
            (SELECT count(*)::int AS connections, (count(*) FILTER (WHERE state = 'active'))::int AS active
               FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND application_name <> '${OWN_SESSIONS}') AS clients
      WHERE datname = current_database()`,
  );
  return rows[0] && { ...rows[0], at: realClock.now() };
}
