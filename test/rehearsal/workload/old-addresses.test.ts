import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyWrites } from '../../../packages/local-aws/postgres/verify.ts';
import { realClock } from '../../../packages/local-aws/real-clock.ts';
import { BUILD, CUT, openBlue } from '../../../packages/local-aws/test/postgres/plane.ts';
import { keepOldAddresses } from '../../../rehearsal/workload/old-addresses.ts';
import { Workload } from '../../../rehearsal/workload/workload.ts';

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
    expect(await plane.cutOver({ ...CUT, guardOldBlue })).toEqual({ done: true });
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
