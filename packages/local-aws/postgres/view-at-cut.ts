import pg from 'pg';
import type { Witness } from './cut-over.ts';
import { APP_DATABASE, type Database, ownerConnection } from './database.ts';
import { realClock } from './real-clock.ts';
import { type Comparison, compareTables } from './verify.ts';

/** How long new production is left alone after the cut before tables are read on it. */
const QUIET_MS = 1_000;

/**
 * Both sides as they were at the cut, seen from later: transactions that began when both held the same rows keep that view
 * while applications go on writing on green, and a way back carries that to blue. So rows are compared outside the window.
 */
export class ViewAtCut implements Witness {
  readonly #blue: pg.Client;
  readonly #green: pg.Client;

  constructor({ blue, green }: { blue: Database; green: Database }) {
    this.#blue = new pg.Client(ownerConnection(blue.server, APP_DATABASE));
    this.#green = new pg.Client(ownerConnection(green.server, APP_DATABASE));
    for (const client of this.#clients) client.on('error', () => {});
  }

  get #clients(): pg.Client[] {
    return [this.#blue, this.#green];
  }

  async prepare(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.connect()));
  }

  /** Fixes the views, in one round trip, as it stands inside the window. */
  async atRest(): Promise<void> {
    await Promise.all(
      this.#clients.map((client) =>
        client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT txid_current_if_assigned()'),
      ),
    );
  }

  /** Compares the views and lets go of them. */
  async compare(): Promise<Comparison[]> {
    try {
      await realClock.sleep(QUIET_MS);
      return await compareTables(this.#blue, this.#green);
    } finally {
      await this.release();
    }
  }

  async release(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => {})));
  }
}
