import { describe, expect, it, onTestFinished } from 'vitest';
import type { EndpointMode } from '../../../packages/local-aws/postgres/data-plane.ts';
import { preparedTransactions } from '../../../packages/local-aws/postgres/fence.ts';
import { checkSequences, verifyWrites } from '../../../packages/local-aws/postgres/verify.ts';
import {
  BUILD,
  CUT,
  clientOf,
  codeOf,
  majorBehind,
  openBlue,
  openPair,
} from '../../../packages/local-aws/test/postgres/plane.ts';
import { Workload } from '../../../rehearsal/workload/workload.ts';

describe.each<EndpointMode>(['rds', 'pause'])('a cut under live writers, endpoints in mode %s', (mode) => {
  it('loses no acknowledged write and doubles none', async () => {
    const plane = await openBlue({ mode });
    onTestFinished(() => plane.dispose());
    const workload = await Workload.start(plane.endpoint('shop').port, { writers: 4 });
    await plane.database('db-blue').sql.query('CREATE ROLE clerk LOGIN');
    await plane.buildGreen(BUILD);
    // A gate that the owner sets on green: this role shall not write there yet.
    await plane.database('db-green').sql.query('ALTER ROLE clerk SET default_transaction_read_only = on');
    const clerk = await clientOf(plane, 'shop', 'clerk');
    await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
    expect(await plane.replication('bgd-1')).toMatchObject({ state: 'replicating' });
    expect(await plane.guardrails('bgd-1')).toEqual([]);
    const before = workload.acknowledged;
    expect(await plane.cutOver(CUT)).toEqual({ done: true });
    while (workload.acknowledged < before + 400) await new Promise((resolve) => setTimeout(resolve, 20));
    const result = await workload.stop();

    const rows = await verifyWrites(plane.database('db-green'), result.writes);
    expect(rows).toMatchObject({ acknowledged: result.acknowledged, lost: 0, doubled: 0 });
    expect(rows.found).toBeGreaterThan((await verifyWrites(plane.database('db-blue'), [])).found);
    const sequences = await checkSequences(plane.database('db-green'));
    expect(sequences.filter((sequence) => !sequence.ahead)).toEqual([]);
    expect(sequences.length).toBeGreaterThan(0);
    if (mode === 'pause') expect(result.errors).toEqual({});

    const gated = mode === 'pause' ? clerk : await clientOf(plane, 'shop', 'clerk');
    expect(await majorBehind(gated)).toBe(17);
    expect(await codeOf(gated.query('UPDATE viridian_rehearsal.accounts SET balance = 0'))).toBe('25006');

    expect(await majorBehind(await clientOf(plane, 'shop'))).toBe(17);
    const oldBlue = await clientOf(plane, 'shop-old1');
    expect(await majorBehind(oldBlue)).toBe(15);
    expect(await codeOf(oldBlue.query('DELETE FROM viridian_rehearsal.history'))).toBe('25006');
    expect(await codeOf(clientOf(plane, 'shop-green-a1b2c3'))).toBe('ECONNRESET');
    expect(await plane.replication('bgd-1')).toMatchObject({ state: 'stopped' });
    const tables = await plane.comparisonAtCut('bgd-1');
    expect(tables.map((table) => [table.name, table.equal])).toEqual([
      ['viridian_rehearsal.accounts', true],
      ['viridian_rehearsal.audit_log', true],
      ['viridian_rehearsal.history', true],
      ['viridian_rehearsal.order_items', true],
      ['viridian_rehearsal.orders', true],
    ]);
  });
});

describe.each<EndpointMode>(['rds', 'pause'])(
  'a cut under two-phase commits, endpoints in mode %s',
  (mode) => {
    it('lets clients finish what they have prepared, and leaves nothing prepared', async () => {
      const plane = await openPair({ mode });
      onTestFinished(() => plane.dispose());
      // Without a rest between two keys, some client is nearly always between its two commits.
      const kinds = ['two-phase commit'];
      const workload = await Workload.start(plane.endpoint('shop').port, { writers: 8, thinkMs: 0, kinds });
      expect(await plane.replication('bgd-1')).toMatchObject({ state: 'replicating' });
      const outcome = await plane.cutOver(CUT);
      const result = await workload.stop();
      const side = plane.database(outcome.done ? 'db-green' : 'db-blue');
      expect(outcome).toEqual({ done: true });
      expect(await verifyWrites(side, result.writes)).toMatchObject({ lost: 0, doubled: 0 });
      for (const database of ['db-blue', 'db-green'].map((id) => plane.database(id)))
        expect(await preparedTransactions(database)).toEqual([]);
    });
  },
);
