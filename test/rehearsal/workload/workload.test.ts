import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../../packages/local-aws/postgres/data-plane.ts';
import { checkSequences, compareTables, verifyWrites } from '../../../packages/local-aws/postgres/verify.ts';
import { openPair } from '../../../packages/local-aws/test/postgres/plane.ts';
import {
  longestGap,
  Workload,
  type WorkloadResult,
  writesPerSecond,
} from '../../../rehearsal/workload/workload.ts';

const writesAt = (...times: number[]) => times.map((at, index) => ({ writer: 1, n: index + 1, at }));

describe('what the clients have seen', () => {
  it.each([
    [
      'the longest gap, whatever order the writes came in',
      writesAt(900, 100, 130, 500),
      {},
      { ms: 400, from: 500 },
    ],
    ['one inside a time', writesAt(100, 130, 500, 900), { from: 100, to: 140 }, { ms: 370, from: 130 }],
    ['one that ends after the time began', writesAt(0, 1000, 1001), { from: 500 }, { ms: 1000, from: 0 }],
    ['none for a single write', writesAt(100), {}, { ms: 0, from: null }],
    ['none without writes', [], {}, { ms: 0, from: null }],
  ])('%s', (_what, writes, { from, to }: { from?: number; to?: number }, gap) => {
    expect(longestGap(writes, from, to)).toEqual(gap);
  });

  it('writes of each second, with the empty ones', () => {
    expect(writesPerSecond(writesAt(1_000.5, 1_999, 4_000))).toEqual([
      { at: 1_000, writes: 2 },
      { at: 2_000, writes: 0 },
      { at: 3_000, writes: 0 },
      { at: 4_000, writes: 1 },
    ]);
    expect(writesPerSecond([])).toEqual([]);
  });
});

describe('writers and what is found of their writes', () => {
  let plane: PostgresDataPlane;
  let result: WorkloadResult;
  beforeAll(async () => {
    plane = await openPair();
    const workload = await Workload.start(plane.endpoint('shop').port, { writers: 3 });
    while (workload.acknowledged < 100) await new Promise((resolve) => setTimeout(resolve, 10));
    // Every session is cut while it works; the writers must go on with the same keys.
    await plane.pointEndpoint('shop', undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await plane.pointEndpoint('shop', 'db-blue');
    const cut = workload.acknowledged;
    while (workload.acknowledged < cut + 100) await new Promise((resolve) => setTimeout(resolve, 10));
    result = await workload.stop();
  });
  afterAll(() => plane.dispose());

  it('counts errors, and none of the writes is lost or doubled by trying again', async () => {
    expect(Object.values(result.errors).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3);
    const rows = await verifyWrites(plane.database('db-blue'), result.writes);
    expect(rows).toEqual({
      acknowledged: result.acknowledged,
      found: result.acknowledged,
      lost: 0,
      doubled: 0,
    });
    expect(result.longestGap.ms).toBeGreaterThan(40);
  });

  it('notices rows that are missing or there twice', async () => {
    const { sql } = plane.database('db-blue');
    await sql.query('DELETE FROM viridian_rehearsal.audit_log WHERE (writer, n) IN ((1, 1), (2, 2))');
    await sql.query(
      'INSERT INTO viridian_rehearsal.audit_log (writer, n, order_id) SELECT writer, n, order_id FROM viridian_rehearsal.audit_log WHERE writer = 3 AND n = 3',
    );
    const rows = await verifyWrites(plane.database('db-blue'), result.writes);
    expect(rows).toMatchObject({ lost: 2, doubled: 1 });
  });

  it('compares tables by content', async () => {
    const { blue, green } = plane.link('bgd-1');
    while ((await plane.replication('bgd-1')).lagBytes !== 0);
    await green.sql.query('UPDATE viridian_rehearsal.accounts SET balance = balance + 1 WHERE id = 7');
    const tables = await compareTables(blue.sql, green.sql);
    expect(tables.filter((table) => !table.equal).map((table) => table.name)).toEqual([
      'viridian_rehearsal.accounts',
    ]);
    await green.sql.query('UPDATE viridian_rehearsal.accounts SET balance = balance - 1 WHERE id = 7');
    expect((await compareTables(blue.sql, green.sql)).every((table) => table.equal)).toBe(true);
  });

  it('notices a sequence that stands behind its column', async () => {
    const { green } = plane.link('bgd-1');
    expect(await checkSequences(green)).toContainEqual({
      name: 'viridian_rehearsal.orders_id_seq',
      ahead: false,
    });
    expect(await checkSequences(plane.database('db-blue'))).toContainEqual({
      name: 'viridian_rehearsal.orders_id_seq',
      ahead: true,
    });
  });
});
