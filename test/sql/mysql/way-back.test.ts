import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo } from '../../../packages/local-aws/mysql/connection.ts';
import {
  ask,
  databases,
  mariadb,
  openStage,
  openWayBack,
  production,
  refusal,
  type Stage,
  sides,
  target,
  whyNot,
} from './stage.ts';
import { Writers } from './writers.ts';

const missing = await whyNot(mariadb);

describe.skipIf(missing)('a whole way back, from MariaDB 11.8 to 10.11, under live writers', () => {
  let stage: Stage;
  let writers: Writers;
  beforeAll(async () => {
    stage = await openStage(mariadb);
    writers = await Writers.start(stage.blue.port, 4);
  }, 120_000);
  afterAll(async () => {
    await writers?.stop();
    await stage?.close();
  });

  it('loses no row and doubles none', async () => {
    await writers.until(20);
    await openWayBack(stage, async () => writers.goTo(stage.green.port));
    await writers.until(60);
    const first = await ask('watch', { ...sides(stage), databases });
    await writers.until(100);
    const { streams } = await ask('watch', { ...sides(stage), databases });
    expect(streams[0]).toMatchObject({
      slot: { active: true },
      subscription: { enabled: true, workerAlive: true },
    });
    expect(streams[0]?.beat.arrived).toBeGreaterThanOrEqual(first.streams[0]?.beat.sent ?? Infinity);

    const { positions } = await ask('fence', { ...production(stage), databases });
    writers.goTo(stage.blue.port);
    const { databases: arrived } = await ask('drained', {
      ...production(stage),
      target: target(stage),
      positions,
    });
    expect(arrived).toMatchObject([{ database: 'app', drained: true }]);
    // A client that is just being refused stands in the list for a moment; the state asks again as well.
    for (const place of [production(stage), target(stage)])
      await expect
        .poll(() => ask('foreign-writers', { ...place, databases }), { timeout: 20_000 })
        .toEqual({ writers: [], closed: { app: true } });
    const compared = await ask('compare', { ...sides(stage), databases, by: 'checksums', withinSeconds: 5 });
    expect(compared).toMatchObject({ tables: 2, differing: 0, done: true });
    await ask('detach', { ...target(stage), databases });
    expect(await ask('set-sequences', { ...sides(stage), databases })).toEqual({ set: 1, differing: [] });
    const open = { databases, open: target(stage), closed: production(stage) };
    expect((await refusal('open', open)).code).toBe('read-only');
    await stage.onBlue.query('SET GLOBAL read_only = 0');
    await ask('open', open);
    expect(await ask('probe-write', { ...target(stage), databases, applicationRoles: [] })).toMatchObject({
      writable: { app: true },
    });
    expect(await ask('probe-write', { ...production(stage), databases, applicationRoles: [] })).toMatchObject(
      { writable: { app: false } },
    );
    await writers.until(140);

    const left = await ask('leftovers', { ...production(stage), databases, applicationRoles: [] });
    expect(left).toMatchObject({ logKept: { hours: 168, before: null } });
    for (const place of [target(stage), production(stage)])
      expect((await ask('close', { ...place, databases, applicationRoles: [] })).left).toEqual({
        ...{ publications: [], subscriptions: [], slots: [], heldRoles: [], passwordSet: null },
        closed: expect.any(Array),
      });
    const seen = await writers.stop();
    const rows = await stage.onBlue.query('SELECT writer, n FROM app.orders WHERE writer > 0');
    const keys = rows.map(({ writer, n }) => `${writer}/${n}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(seen.acknowledged.filter((key) => !keys.includes(key))).toEqual([]);
    expect(seen.acknowledged.length).toBeGreaterThanOrEqual(140);
  }, 120_000);

  it('is open to applications on one side only', async () => {
    const app = { user: 'app', database: 'app' };
    await expect(connectTo({ ...app, port: stage.green.port })).rejects.toThrow();
    const session = await connectTo({ ...app, port: stage.blue.port });
    session.end();
  });
});
