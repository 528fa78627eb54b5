import { describe, expect, it } from 'vitest';
import { fewWriters } from '../rehearsal/command.ts';
import { rehearseWithWayBack } from './rehearse-with-way-back.ts';

const minutes = 60_000;

describe('on real PostgreSQL servers, under live writes', () => {
  it('a broken stream is closed and told, and the upgrade stands', { timeout: 5 * minutes }, async () => {
    const { report, names } = await rehearseWithWayBack(['--fault', 'reverse-broken', ...fewWriters]);
    expect(report.endState).toBe('Green serves production');
    expect(names).toContain('Close the broken way back');
    expect(report.announcements.map(({ subject }) => subject)).toContain(
      '[ACT] No way back any more (orders)',
    );
  });

  it('a pooler that hooks hold spares clients every error, and a way back that nobody needs leaves nothing behind', {
    timeout: 5 * minutes,
  }, async () => {
    const { report, names } = await rehearseWithWayBack(['--endpoint', 'pause', ...fewWriters]);
    expect(report.cut).toMatchObject({ errorsOfPooled: {}, unknownOutcome: 0 });
    expect(names).not.toContain('Hold application writes');
    expect(report.cut.hold?.states.map(({ name }) => name)).toContain('Secure the way back');
    expect(report.cut.hold).toMatchObject({ from: 'Stop writes', to: 'Resume writes' });
    expect(report.goingBack).toBeNull();
    expect(report.periods.map(({ lost, doubled }) => lost + doubled)).toEqual([0, 0]);
    expect(report.endState).toBe('Green serves production');
    expect(names.indexOf('Close the way back')).toBeLessThan(names.indexOf('Release the deployment record'));
  });
});
