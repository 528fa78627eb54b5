import { expect, it } from 'vitest';
import type { Member } from '../../../functions/domain/model/deployment.ts';
import { estimateRun } from '../../../functions/domain/request/estimate.ts';
import { blueSide, cluster, clusterSide, instance, request } from '../sample.ts';

const size = { tables: 5_000, sequences: 3_000, bytes: 40 * 2 ** 30, sampled: 6 * 2 ** 30 };
const planned = { database: instance, blue: blueSide(), replication: 'logical' as const, size };

it('says what a run takes, each with what it follows from', () => {
  const [build, cost, outage, statistics] = estimateRun(request(), planned);
  expect(build).toMatch(
    /no published build took less than 43 minutes.*restored from a snapshot of \d+ GiB.*hold 40\.0 GiB/,
  );
  expect(cost).toMatch(/every hour green runs beside blue.*1 x db\.r7g\.large and \d+ GiB of storage/);
  expect(outage).toMatch(/under a minute.*3000 sequences, which are set one by one/);
  expect(statistics).toMatch(/ANALYZE of 5000 tables reads 6\.0 GiB at most: about \d+ min/);
});

it('names the class and the storage that the request asks for', () => {
  const wanted = request({ target: { instanceClass: 'db.r8g.large', storage: { allocatedGiB: 700 } } });
  expect(estimateRun(wanted, planned)[1]).toMatch(/1 x db\.r8g\.large and 700 GiB of storage/);
});

it('names the classes of single members', () => {
  const replica = { ...planned.blue.members[0], id: 'orders-r1', role: 'reader' as const };
  const blue = blueSide({ members: [...planned.blue.members, replica as Member] });
  const wanted = request({
    target: { members: [{ member: 'orders-r1', instanceClass: 'db.r8g.large' }] },
  });
  expect(estimateRun(wanted, { ...planned, blue })[1]).toMatch(/1 x db\.r7g\.large, 1 x db\.r8g\.large/);
});

it('does without sizes, and speaks of no statistics where none are lost', () => {
  const small = { ...planned, size: undefined };
  expect(estimateRun(request(), small).at(-1)).toMatch(/is not known without wayBack.login/);
  expect(estimateRun(request(), small)[2]).not.toMatch(/sequences, which/);
  expect(estimateRun(request({ target: { engineVersion: '16.14' } }), planned)).toHaveLength(3);
  const aurora = { ...planned, database: cluster, blue: clusterSide(), replication: 'binlog' as const };
  expect(estimateRun(request(), aurora)[0]).toMatch(/cloned from the storage of blue/);
});
