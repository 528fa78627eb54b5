import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Workload } from '../../../../rehearsal/workload/workload.ts';
import type { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { keepOldAddresses } from '../../postgres/proxy/old-addresses.ts';
import { realClock } from '../../postgres/real-clock.ts';
import { verifyWrites } from '../../postgres/verify.ts';
import { BUILD, CUT, clientAt, clientOf, codeOf, openBlue, openPair } from './plane.ts';

const guarded = { ...CUT, guardOldBlue: true };

describe('an old blue that RDS guards', () => {
  let plane: PostgresDataPlane;
  let host: { port: number };
  beforeAll(async () => {
    plane = await openPair();
    await plane.database('db-blue').sql.query('CREATE ROLE viridian LOGIN');
    host = await plane.hostOf('db-blue');
    expect(await plane.cutOver(guarded)).toEqual({ done: true });
  });
  afterAll(() => plane.dispose());

  it('lets no application in, by its name or by its address, and the workflow in by both', async () => {
    expect(await codeOf(clientOf(plane, 'shop-old1'))).toBe('ECONNRESET');
    expect(await codeOf(clientAt(host.port))).toBe('ECONNRESET');
    expect(await codeOf(clientOf(plane, 'shop-old1', 'viridian'))).toBe('none');
    expect(await codeOf(clientAt(host.port, 'viridian'))).toBe('none');
    expect(plane.isReachable('db-blue')).toBe(false);
  });

  it('lets them in once the guard has ended, read-only by default, and ends no session for that', async () => {
    const functions = await clientOf(plane, 'shop-old1', 'viridian');
    await plane.endGuard('db-blue');
    expect(await codeOf(functions.query('SELECT'))).toBe('none');
    const application = await clientOf(plane, 'shop-old1');
    expect(await codeOf(application.query('DELETE FROM rehearsal.history'))).toBe('25006');
    expect(await codeOf(clientAt(host.port))).toBe('none');
    expect(plane.isReachable('db-blue')).toBe(true);
  });

  it('keeps out whom a security group keeps out', async () => {
    await plane.pointEndpoint('shop-old1', 'db-blue', 'functions');
    await plane.endGuard('db-blue');
    expect(await codeOf(clientOf(plane, 'shop-old1'))).toBe('ECONNRESET');
    expect(await codeOf(clientAt(host.port))).toBe('ECONNRESET');
    await plane.pointEndpoint('shop-old1', undefined);
    expect(await codeOf(clientAt(host.port, 'viridian'))).toBe('ECONNRESET');
  });
});

describe.each([
  { what: 'guarded', guardOldBlue: true },
  { what: 'not guarded', guardOldBlue: false },
])('writers that keep old addresses, with an old blue that is $what', ({ guardOldBlue }) => {
  it('go to the server that served before, for a time, and the judge finds what they lost there', async () => {
    const plane = await openBlue();
    onTestFinished(() => plane.dispose());
    let serving = 'db-blue';
    const workload = await Workload.start(plane.endpoint('shop').port, { writers: 10 });
    const forget = keepOldAddresses(workload, {
      plane,
      clock: realClock,
      serving: () => serving,
      keptMs: () => 1_000,
    });
    onTestFinished(forget);
    await plane.buildGreen(BUILD);
    await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
    while ((await plane.replication('bgd-1')).state !== 'replicating');
    expect(await plane.cutOver({ ...guarded, guardOldBlue })).toEqual({ done: true });
    serving = 'db-green';
    await sleep(2_000);
    await forget();
    const { clients, writes } = await workload.stop();
    const rows = await verifyWrites(plane.database('db-green'), writes);

    const atOld = clients.filter(({ atOldAddress }) => atOldAddress > 0).map(({ kind }) => kind);
    expect(atOld.length).toBe(5);
    // All are back on the endpoint in the end, and nobody is left without a row.
    const later = writes.filter(({ server, at }) => server === 'db-green' && at > realClock.now() - 2_000);
    expect(new Set(later.map(({ writer }) => writer)).size).toBe(10);
    expect(rows.lost > 0).toBe(!guardOldBlue);
    expect(rows.doubled).toBe(0);
    const left = await plane.database('db-blue').sql.query('SELECT gid FROM pg_prepared_xacts');
    expect(left.rows).toEqual([]);
  });
});
