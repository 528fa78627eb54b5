import { expect, it, onTestFinished } from 'vitest';
import type { CompareProgress } from '../../functions/domain/way-back/facts.ts';
import { compareTables, verifyWrites } from '../../packages/local-aws/postgres/verify.ts';
import { BUILD, CUT, clientOf, codeOf, majorBehind } from '../../packages/local-aws/test/postgres/plane.ts';
import { Workload } from '../../rehearsal/workload/workload.ts';
import {
  applicationRoles,
  ask,
  databases,
  fenceTarget,
  hasPassword,
  openBlueStage,
  production,
  secureWayBack,
  sides,
  target,
  until,
} from './stage.ts';

it('goes to PostgreSQL 17 and back to 15 under live writers without losing a row', async () => {
  const plane = await openBlueStage({}, 20_000);
  onTestFinished(() => plane.dispose());
  const workload = await Workload.start(plane.endpoint('shop').port, { writers: 4 });
  const writeOn = async (count: number) => {
    const before = workload.acknowledged;
    await until(() => workload.acknowledged > before + count);
  };
  await plane.buildGreen(BUILD);
  await writeOn(200);

  await ask('hold-writes', { ...production(plane), databases, applicationRoles });
  expect(await plane.cutOver(CUT)).toEqual({ done: true });
  const atCut = await verifyWrites(plane.database('db-green'), []);
  const { secured } = await secureWayBack(plane);
  expect(secured).toEqual([
    { database: 'app', slot: 'viridian_way_back_app', asked: expect.any(String), start: expect.any(String) },
  ]);
  expect(await verifyWrites(plane.database('db-green'), [])).toEqual(atCut);
  expect(await ask('release-writes', { ...production(plane), databases, applicationRoles })).toEqual({
    released: applicationRoles,
    stillHeld: [],
  });
  await writeOn(200);

  await fenceTarget(plane);
  await ask('attach', { ...sides(plane), databases });
  await writeOn(200);
  expect(await codeOf(clientOf(plane, 'shop-old1'))).toBe('42501');
  const first = await ask('watch', { ...sides(plane), databases });
  const sent = first.streams[0]?.beat.sent ?? Number.NaN;
  await until(async () => {
    const { streams } = await ask('watch', { ...sides(plane), databases });
    return (streams[0]?.beat.arrived ?? 0) >= sent;
  });

  const { positions } = await ask('fence', { ...production(plane), databases });
  const fenced = await verifyWrites(plane.database('db-green'), []);
  await until(async () => {
    const { databases: found } = await ask('drained', { ...production(plane), positions });
    return found.every((database) => database.drained);
  });
  let progress: CompareProgress | undefined;
  do {
    progress = await ask('compare', {
      ...sides(plane),
      databases,
      by: 'checksums',
      withinSeconds: 1,
      ...(progress && { progress }),
    });
  } while (!progress.done);
  expect(progress).toEqual({ tables: 5, differing: 0, examples: [], done: true });
  await ask('detach', { ...target(plane), databases });
  const sequences = await ask('set-sequences', { ...sides(plane), databases });
  expect(sequences).toEqual({ set: 4, differing: [] });
  const rows = await compareTables(plane.database('db-green').sql, plane.database('db-blue').sql);
  expect(rows.filter((table) => !table.equal && !table.name.startsWith('viridian.'))).toEqual([]);
  expect(await verifyWrites(plane.database('db-green'), [])).toEqual(fenced);
  await plane.pointEndpoint('shop', 'db-blue');
  await ask('open', { open: target(plane), closed: production(plane), databases });
  expect(await ask('probe-write', { ...target(plane), databases, applicationRoles: [] })).toEqual({
    writable: { app: true },
    held: [],
  });
  expect(await ask('probe-write', { ...production(plane), databases, applicationRoles: [] })).toEqual({
    writable: { app: false },
    held: [],
  });
  await writeOn(400);
  const result = await workload.stop();

  expect(await majorBehind(await clientOf(plane, 'shop'))).toBe(15);
  const found = await verifyWrites(plane.database('db-blue'), result.writes);
  expect(found).toMatchObject({ acknowledged: result.acknowledged, lost: 0, doubled: 0 });
  expect((await verifyWrites(plane.database('db-green'), [])).found).toBeLessThan(found.found);
  const nothing = { publications: [], subscriptions: [], slots: [], heldRoles: [], passwordSet: null };
  // The former new production stays closed.
  for (const [place, closed] of [
    [production(plane), databases],
    [target(plane), []],
  ] as const) {
    expect(await ask('close', { ...place, databases, applicationRoles })).toEqual({
      left: { ...nothing, closed },
    });
    expect(await hasPassword(plane, place.resourceId)).toBe(false);
  }
});
