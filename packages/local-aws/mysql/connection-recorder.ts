import type { Sample } from '../metric-store.ts';
import { Background, type BackgroundClock } from '../rds/background.ts';
import type { Database } from './database.ts';
import { OWNER } from './server/server.ts';

const minute = 60_000;

/** Counts the sessions of clients once a minute of the run's time, as CloudWatch's `DatabaseConnections`. Nothing else is measured here. */
export class ConnectionRecorder {
  readonly #clock: BackgroundClock;
  readonly #background: Background;
  readonly #samples = new Map<string, Sample[]>();
  readonly #followed = new Set<string>();

  constructor(clock: BackgroundClock) {
    this.#clock = clock;
    this.#background = new Background(clock);
  }

  /** Measures a database from now on. */
  follow(database: Database): void {
    this.#followed.add(database.resourceId);
    this.#background.run(() => this.#record(database));
  }

  /** The database is gone; what was measured stays. */
  forget(resourceId: string): void {
    this.#followed.delete(resourceId);
  }

  of(resourceId: string): Sample[] {
    return this.#samples.get(resourceId) ?? [];
  }

  stop(): void {
    this.#background.stop();
  }

  /** After a failover the database has another session of ours. */
  async #record(database: Database): Promise<void> {
    const { resourceId } = database;
    while (this.#followed.has(resourceId)) {
      await this.#background.sleep(minute - (this.#clock.now() % minute));
      const at = Math.floor(this.#clock.now() / minute) * minute - minute;
      // A server that stops or is being fenced does not answer: no point, as on RDS.
      const [row] = await database.sql
        .query(
          `SELECT COUNT(*) AS count FROM information_schema.processlist
            WHERE user NOT IN ('${OWNER}', 'system user', 'event_scheduler') AND command <> 'Binlog Dump'`,
        )
        .catch(() => []);
      if (row) this.#samples.set(resourceId, [...this.of(resourceId), { at, value: Number(row.count) }]);
    }
  }
}
