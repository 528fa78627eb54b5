/** The key of an acknowledged write: writer, and number of the write. */
export interface WriteKey {
  writer: number;
  n: number;
}

/** How the acknowledged writes are found again. */
export interface Rows {
  acknowledged: number;
  /** Keys that the database holds. It may be more than were acknowledged: a client may have been stopped in between. */
  found: number;
  /** Acknowledged keys that are missing in one of the tables. */
  lost: number;
  /** Keys that are there more than once. */
  doubled: number;
}

/** How often each key (`writer/n`) stands in either table that a write goes to. */
export interface FoundKeys {
  orders: ReadonlyMap<string, number>;
  entries: ReadonlyMap<string, number>;
}

/** Looks among keys that were read for every acknowledged write, and for doubled keys, acknowledged or not. */
export function countKeys(found: FoundKeys, writes: WriteKey[]): Rows {
  const doubled = [...found.orders.values(), ...found.entries.values()].filter((count) => count > 1);
  const { acknowledged, lost } = judgeWrites(found, writes);
  return { acknowledged, found: found.orders.size, lost, doubled: doubled.length };
}

/** Whether each of these writes is there exactly once. */
export function judgeWrites(found: FoundKeys, writes: WriteKey[]): Omit<Rows, 'found'> {
  const counts = writes.map(({ writer, n }) => {
    const key = `${writer}/${n}`;
    return [found.orders.get(key) ?? 0, found.entries.get(key) ?? 0];
  });
  return {
    acknowledged: writes.length,
    lost: counts.filter((count) => count.includes(0)).length,
    doubled: counts.filter((count) => count.some((times) => times > 1)).length,
  };
}

/** Number of rows and a digest that does not depend on their order; the same text gives the same digest on 15 to 18. */
export interface Checksum {
  name: string;
  rows: number;
  checksum: string;
}

/**
 * A table on the left and whether the right one holds exactly the same rows. A materialized view is what its last refresh made of it, on either
 * side, so one that differs has lost nothing.
 */
export type Comparison = Checksum & { equal: boolean; isView: boolean };
