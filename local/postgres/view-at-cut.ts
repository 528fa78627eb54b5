import pg from 'pg';
import type { Witness } from './cut-over.ts';
import { APP_DATABASE, type Database, ownerConnection } from './database.ts';
import { realClock } from './real-clock.ts';
import { type Comparison, compareTables } from './verify.ts';

/** How long new production is left alone after the cut before tables are read on it. */
const QUIET_MS = 1_000;

/**
 * Green as it was at the cut, seen from later: a transaction that began when both sides held the same rows keeps that view
 * while applications go on writing. So every row of old blue can be compared outside the window.
 */
export class ViewAtCut implements Witness {
  readonly #client: pg.Client;

  constructor(green: Database) {
    this.#client = new pg.Client(ownerConnection(green.server, APP_DATABASE));
    this.#client.on('error', () => {});
  }

  async prepare(): Promise<void> {
    await this.#client.connect();
  }

  /** Fixes the view, in one round trip, as it stands inside the window. */
  async atRest(): Promise<void> {
    await this.#client.query(
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT txid_current_if_assigned()',
    );
  }

  /** Compares old blue, which nobody writes to, with this view, and lets go of it. */
  async compareWith(blue: Database): Promise<Comparison[]> {
    try {
      await realClock.sleep(QUIET_MS);
      return await compareTables(blue.sql, this.#client);
    } finally {
      await this.release();
    }
  }

  async release(): Promise<void> {
    await this.#client.end().catch(() => {});
  }
}
