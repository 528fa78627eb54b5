import { describe, expect, it } from 'vitest';
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

describe('each sentence', () => {
  const sentences = (more: object, facts: object = {}) =>
    estimateRun(request(more), { ...planned, size: undefined, ...facts });
  const hook = { arn: 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-x' };
  const opening =
    "Typically under a minute without writes, by AWS's documentation; more with many writes, connections or sequences.";
  const build =
    'Green: no published build took less than 43 minutes; it takes hours with terabytes, or under many writes.';

  it.each<[what: string, more: object, facts: object, at: number, text: string]>([
    [
      'of green, without sizes',
      {},
      {},
      0,
      `${build} It is restored from a snapshot of 100 GiB, and then catches up. The run gives it 24 h.`,
    ],
    [
      'of green, whose storage is not known',
      {},
      { blue: blueSide({ storageGiB: null }) },
      0,
      `${build} It is restored from a snapshot of ? GiB, and then catches up. The run gives it 24 h.`,
    ],
    [
      'of green on Aurora',
      {},
      { database: cluster, blue: clusterSide(), size },
      0,
      `${build} It is cloned from the storage of blue, and then catches up; its databases hold 40.0 GiB. The run gives it 24 h.`,
    ],
    ['of the outage', {}, {}, 2, `${opening} After 300 s RDS rolls back by itself.`],
    [
      'of the outage with a thousand sequences',
      {},
      { size: { ...size, sequences: 1_000 } },
      2,
      `${opening} This database has 1000 sequences, which are set one by one meanwhile. After 300 s RDS rolls back by itself.`,
    ],
    [
      'of the outage with fewer sequences',
      {},
      { size: { ...size, sequences: 999 } },
      2,
      `${opening} After 300 s RDS rolls back by itself.`,
    ],
    [
      'of the outage with a hook',
      { hooks: { stopWrites: hook, resumeWrites: hook } },
      {},
      2,
      `${opening} After 300 s RDS rolls back by itself. Writes are held by the hook stopWrites from shortly before.`,
    ],
    [
      'of statistics of small tables',
      {},
      { size: { ...size, tables: 10, sampled: 3 * 2 ** 20 } },
      3,
      'Statistics: green begins without any. ANALYZE of 10 tables reads 3 MiB at most: about 1 s where green reads 100 MiB/s, before people are asked.',
    ],
    [
      'of statistics of large tables',
      {},
      { size: { ...size, tables: 5_000, sampled: 2 ** 30 } },
      3,
      'Statistics: green begins without any. ANALYZE of 5000 tables reads 1.0 GiB at most: about 18 s where green reads 100 MiB/s, before people are asked.',
    ],
  ])('%s', (_, more, facts, at, text) => {
    expect(sentences(more, facts)[at]).toBe(text);
  });

  it.each<[what: string, more: object, facts: object]>([
    ['another engine', {}, { database: { ...instance, engine: 'mysql' } }],
    ['a copy of every block', {}, { replication: 'physical' }],
    ['the same major version', { target: { engineVersion: '16.14' } }, {}],
    ['the version of blue', { target: { instanceClass: 'db.r8g.large' } }, {}],
  ])('of statistics is left out with %s', (_, more, facts) => {
    expect(sentences(more, facts)).toHaveLength(3);
  });
});

it('does without sizes, and speaks of no statistics where none are lost', () => {
  const small = { ...planned, size: undefined };
  expect(estimateRun(request(), small).at(-1)).toMatch(/is not known without wayBack.login/);
  expect(estimateRun(request(), small)[2]).not.toMatch(/sequences, which/);
  expect(estimateRun(request({ target: { engineVersion: '16.14' } }), planned)).toHaveLength(3);
  const aurora = { ...planned, database: cluster, blue: clusterSide(), replication: 'binlog' as const };
  expect(estimateRun(request(), aurora)[0]).toMatch(/cloned from the storage of blue/);
});
