import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointMode, PostgresDataPlane } from '../../../packages/local-aws/postgres/data-plane.ts';
import {
  breakReplication,
  leavePreparedTransaction,
  openLongTransaction,
} from '../../../packages/local-aws/postgres/faults.ts';
import { verifyWrites } from '../../../packages/local-aws/postgres/verify.ts';
import {
  CUT,
  clientOf,
  codeOf,
  majorBehind,
  openPair,
} from '../../../packages/local-aws/test/postgres/plane.ts';
import { Workload } from '../../../rehearsal/workload/workload.ts';

/** What must hold on both sides after a cut that was refused or put back. */
async function expectAsBefore(plane: PostgresDataPlane): Promise<void> {
  expect(await plane.isWritable('db-blue')).toBe(true);
  expect(await plane.isWritable('db-green')).toBe(false);
  const production = await clientOf(plane, 'shop');
  expect(await majorBehind(production)).toBe(15);
  expect(
    await codeOf(production.query('UPDATE viridian_rehearsal.accounts SET changed_at = now() WHERE id = 1')),
  ).toBe('none');
  const green = await clientOf(plane, 'shop-green-a1b2c3');
  expect(await codeOf(green.query('DELETE FROM viridian_rehearsal.history'))).toBe('25006');
}

describe.each<EndpointMode>(['rds', 'pause'])(
  'a switchover that does not happen, endpoints in mode %s',
  (mode) => {
    let plane: PostgresDataPlane;
    beforeAll(async () => {
      plane = await openPair({ mode, longTransactionSeconds: 2, holdMs: 2_000 });
    });
    afterAll(() => plane.dispose());

    it('is put back when replication cannot be drained, and works once it can', async () => {
      const workload = await Workload.start(plane.endpoint('shop').port, { writers: 3 });
      const fault = await breakReplication(plane.link('bgd-1'));
      let seen = await plane.replication('bgd-1');
      while (!seen.message?.includes('duplicate key')) seen = await plane.replication('bgd-1');
      expect(seen.state).toBe('degraded');
      for (let look = 0; look < 20; look += 1) {
        expect((await plane.replication('bgd-1')).state).toBe('degraded');
      }
      expect(await plane.guardrails('bgd-1')).toEqual([expect.stringContaining('degraded')]);

      const outcome = await plane.cutOver({ ...CUT, timeoutMs: 10_000 });
      expect(outcome).toEqual({
        done: false,
        reason: expect.stringMatching(/replication is degraded|in time/),
      });
      await expectAsBefore(plane);

      await fault.heal();
      while ((await plane.replication('bgd-1')).state !== 'replicating');
      const result = await workload.stop();
      expect(await verifyWrites(plane.database('db-blue'), result.writes)).toMatchObject({
        lost: 0,
        doubled: 0,
      });
    });

    it('is refused for a long transaction; a pause waits for it in vain, a cut ends it', async () => {
      const fault = await openLongTransaction(plane.endpoint('shop').port);
      while ((await plane.guardrails('bgd-1')).length === 0);
      expect(await plane.guardrails('bgd-1')).toEqual([expect.stringContaining('has been open for')]);
      if (mode === 'pause') {
        const outcome = await plane.cutOver(CUT);
        expect(outcome).toEqual({
          done: false,
          reason: expect.stringContaining('stayed inside a transaction'),
        });
        await expectAsBefore(plane);
        await fault.commit();
      } else {
        await fault.heal();
      }
      while ((await plane.guardrails('bgd-1')).length > 0);
    });

    it('is refused for a prepared transaction, and put back when it is tried all the same', async () => {
      const fault = await leavePreparedTransaction(plane.database('db-blue'));
      while ((await plane.guardrails('bgd-1')).length === 0);
      expect(await plane.guardrails('bgd-1')).toEqual([expect.stringContaining('"forgotten"')]);
      expect(await plane.cutOver(CUT)).toEqual({ done: false, reason: expect.stringContaining('forgotten') });
      await expectAsBefore(plane);
      await fault.heal();
    });

    it('is put back when its timeout has passed', async () => {
      expect(await plane.cutOver({ ...CUT, timeoutMs: 0 })).toMatchObject({ done: false });
      await expectAsBefore(plane);
    });

    it('then happens when nothing stands in its way', async () => {
      expect(await plane.guardrails('bgd-1')).toEqual([]);
      expect(await plane.cutOver(CUT)).toEqual({ done: true });
      expect(await majorBehind(await clientOf(plane, 'shop'))).toBe(17);
      const tables = await plane.comparisonAtCut('bgd-1');
      expect(tables.length).toBe(5);
      expect(tables.filter((table) => !table.equal)).toEqual([]);
    });
  },
);
