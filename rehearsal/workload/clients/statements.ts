import {
  ADD_ITEMS,
  CHARGE_ACCOUNT,
  LOG_ORDER,
  PLACE_ORDER,
  SINGLE_WRITE,
} from '../../../packages/local-aws/postgres/workload-schema.ts';
import { type Key, now, type Query, type Written } from './client.ts';

/** Writes a key in one statement that is its own transaction. */
export async function writeInOne(query: Query, { writer, n, account }: Key): Promise<Written> {
  const askedAt = now();
  const [row] = await query(SINGLE_WRITE, [writer, n, account]);
  return { isNew: row !== undefined, server: serverIn(row), askedAt };
}

/**
 * The statements of a longer transaction, without its begin and its end.
 * @returns the database that takes it; undefined when the key is there already
 */
export async function placeOrder(query: Query, { writer, n, account }: Key): Promise<string | undefined> {
  const [placed] = await query(PLACE_ORDER, [writer, n, account]);
  if (placed === undefined) return undefined;
  await query(ADD_ITEMS, [placed.id]);
  await query(CHARGE_ACCOUNT, [account]);
  const [logged] = await query(LOG_ORDER, [writer, n, placed.id]);
  return serverIn(logged) ?? undefined;
}

/** A key that was there already. */
export const wasThere = (): Written => ({ isNew: false, server: null, askedAt: now() });

function serverIn(row: Record<string, unknown> | undefined): string | null {
  return typeof row?.server === 'string' ? row.server : null;
}
