import { expect, it } from 'vitest';
import { fewWriters } from '../rehearsal/command.ts';
import { rehearseWithWayBack } from './rehearse-with-way-back.ts';

const minutes = 60_000;

it('on real PostgreSQL servers, under live writes, a broken stream is closed and told, and the upgrade stands', {
  timeout: 5 * minutes,
}, async () => {
  const { report, names } = await rehearseWithWayBack(['--fault', 'reverse-broken', ...fewWriters]);
  expect(report.endState).toBe('Green serves production');
  expect(names).toContain('Close the broken way back');
  expect(report.announcements.map(({ subject }) => subject)).toContain('[ACT] No way back any more (orders)');
});
