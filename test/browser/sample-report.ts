import type { Report } from '../../rehearsal/report/types.ts';

const at = Date.UTC(2026, 10, 29, 12);
const gap = { longestWriteGapMs: 812, gapAt: at + 30_000 };
const hold = {
  from: 'Hold application writes',
  to: 'Release application writes',
  ms: 900,
  states: [
    { name: 'Start switchover', ms: 300 },
    { name: 'Wait for switchover', ms: 600 },
  ],
};

/** A rehearsal with everything that a report can show. */
export const sampleReport: Report = {
  endState: 'Went back: blue serves production',
  status: 'FAILED',
  error: 'BlueGreen.TestFailed',
  cause: '"Bake" failed with BlueGreen.TestFailed: the alarm errors fired',
  asExpected: true,
  options: {},
  rehearsed: {
    command: 'npm start -- --yes --fault bake-alarm',
    machine: '2 x a processor, 4.0 GiB of memory',
  },
  startedAt: at,
  endedAt: at + 90_000,
  timeScale: 60,
  versions: { before: 'PostgreSQL 15.18', after: 'PostgreSQL 15.18' },
  cut: {
    ...gap,
    longestGapOfRunMs: 900,
    windowMs: 700,
    hold,
    writeErrors: { 'read-only transaction': 12 },
    errorsOfPooled: {},
    unknownOutcome: 1,
  },
  goingBack: {
    ...gap,
    hold,
    compared: { by: 'counts', tables: 3, differing: 0 },
    sequencesSet: 4,
    attempts: [{ status: 'SUCCEEDED', redriven: 1 }],
  },
  rows: { acknowledged: 12_345, found: 12_345, lost: 0, doubled: 1 },
  clients: [
    {
      kind: 'a pool of connections with a very long name that says all that it does',
      writers: 2,
      acknowledged: 1_000,
      lost: 0,
      doubled: 1,
      refused: 3,
      errors: 4,
      atOldAddress: 5,
    },
  ],
  periods: [
    { name: 'before the cut', acknowledged: 6_000, lost: 0, doubled: 0 },
    { name: 'after the cut', acknowledged: 6_345, lost: 0, doubled: 1 },
  ],
  tables: [
    { name: 'public.orders', rows: 20_000, checksum: 'a'.repeat(64), equal: true, isView: false },
    { name: 'public.totals', rows: 10, checksum: 'b'.repeat(64), equal: false, isView: false },
  ],
  sequences: [{ name: 'public.orders_id_seq', ahead: false, wasBehind: false, value: '20000', equal: true }],
  history: { events: 900, transitions: 300 },
  invariants: [
    { id: 'I1', holds: true, detail: 'at no instant two databases took application writes' },
    { id: 'I3', holds: false, detail: 'one row was doubled' },
  ],
  states: [
    { name: 'Wait for green', machine: 'blue-green-deployment', enteredAt: at, exitedAt: at + 20_000 },
    { name: 'Bake', machine: 'blue-green-deployment', enteredAt: at + 40_000, exitedAt: null },
    { name: 'Fence new production', machine: 'roll-back', enteredAt: at + 60_000, exitedAt: at + 61_000 },
  ],
  lag: [
    { at: at + 1_000, bytes: 0 },
    { at: at + 2_000, bytes: null },
    { at: at + 3_000, bytes: 1_048_576 },
  ],
  statistics: {
    told: 'all 2 tables have statistics',
    tables: [{ name: 'public.orders', rows: null, columns: 4, analyzedAt: at }],
  },
  bake: null,
  beside: ['IAM role', 'tags'],
  noWayBack: 'the stream broke',
  writesPerSecond: [
    { at, writes: 200 },
    { at: at + 1_000, writes: 0 },
  ],
  announcements: [{ subject: '[PAGE] orders: went back', text: 'What happened\n  the alarm errors fired' }],
  definitionSha256: 'c'.repeat(64),
  warnings: ['a warning of the machine'],
  green: { way: 'statements', because: 'the programs of both majors are not installed' },
  own: { tables: 3, rows: 20_010 },
  unchangeable: [],
};
