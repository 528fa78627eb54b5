import pg from 'pg';
import { realClock } from '../real-clock.ts';
import type { Comparison } from '../servers/verification.ts';
import type { Witness } from './cut-over.ts';
import { type Database, ownerConnection, partsOf } from './database.ts';
import { compareTables } from './verify.ts';

/** How long new production is left alone after the cut before tables are read on it. */
const QUIET_MS = 1_000;

/**
 * Both sides as they were at the cut, seen from later: transactions that began when both held the same rows keep that view
 * while applications go on writing on green, and a way back carries that to blue. So rows are compared outside the window.
 */
export class ViewAtCut implements Witness {
  readonly #parts: { name: string; blue: pg.Client; green: pg.Client }[];

  constructor({ blue, green }: { blue: Database; green: Database }) {
    const there = partsOf(green);
    this.#parts = partsOf(blue).map((part, index) => ({
      name: part.name,
      blue: new pg.Client(ownerConnection(part.server, part.name)),
      green: new pg.Client(ownerConnection(green.server, there[index]?.name ?? part.name)),
    }));
    for (const client of this.#clients) client.on('error', () => {});
  }

  get #clients(): pg.Client[] {
    return this.#parts.flatMap(({ blue, green }) => [blue, green]);
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
      const compared: Comparison[] = [];
      for (const [index, { name, blue, green }] of this.#parts.entries()) {
        const tables = await compareTables(blue, green);
        // The application's own tables go by their names alone.
        compared.push(
          ...tables.map((table) => (index === 0 ? table : { ...table, name: `${name}: ${table.name}` })),
        );
      }
      return compared;
    } finally {
      await this.release();
    }
  }

  async release(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => {})));
  }
}
