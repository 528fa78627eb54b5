import { describe, expect, it } from 'vitest';
import { processesIn, rehearse } from '../rehearsal/command.ts';

const minutes = 60_000;

/** What a rehearsal with a way back shows, however it ends. */
async function rehearseSoundly(args: string[]) {
  const { report, code, output, temporary } = await rehearse(['--yes', '--rows', '2000', ...args]);
  expect(code, output()).toBe(0);
  expect(report.rows.acknowledged).toBeGreaterThan(100);
  expect(report.rows).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.sequences.length).toBe(4);
  expect(report.sequences.filter(({ ahead, equal }) => ahead === false || !equal)).toEqual([]);
  expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
  expect(await processesIn(temporary)).toEqual([]);
  const names = report.states.map(({ name }) => name);
  expect(names).toContain('Attach the rollback target');
  return { report, names };
}

describe('on real PostgreSQL servers, under live writes', () => {
  it.each([
    [
      'a person asks, and hooks hold the application',
      ['--go-back', '--endpoint', 'pause'],
      'BlueGreen.StopRequested',
    ],
    [
      'an alarm fires, and clients come by a record of Route 53',
      ['--fault', 'bake-alarm', '--way-back-endpoint', 'route53'],
      'BlueGreen.TestFailed',
    ],
    ['writes become slow', ['--fault', 'slow-after-cut'], 'BlueGreen.TestFailed'],
    [
      'it is killed twice on the way into a clone of Aurora',
      ['--fault', 'crash-while-going-back', '--engine', 'aurora-postgresql'],
      'BlueGreen.StopRequested',
    ],
  ])(
    'production goes back without losing a row when %s',
    { timeout: 5 * minutes },
    async (_, args, error) => {
      const { report, names } = await rehearseSoundly(args);
      expect([report.endState, report.error]).toEqual(['Went back: blue serves production', error]);
      expect(report.versions.after).toBe(report.versions.before);
      if (args.includes('slow-after-cut')) expect(report.bake?.because).toMatch(/^WriteLatency was over /);
      expect(names.indexOf('Fence new production')).toBeLessThan(names.indexOf('Open blue for writes'));
      expect(report.goingBack).toMatchObject({
        compared: { by: 'checksums', tables: 5, differing: 0 },
        sequencesSet: 4,
        hold: { to: expect.any(String), ms: expect.any(Number) },
      });
      expect(report.goingBack?.longestWriteGapMs).toBeGreaterThan(0);
      const byRecord = args.includes('route53');
      expect(names.includes('Wait for old answers to run out')).toBe(byRecord);
      const told = report.announcements.at(-1)?.text.replace(/\s+/g, ' ');
      expect(told?.includes('orders-db.rehearsal.test leads to blue')).toBe(byRecord);
      if (args.includes('pause')) expect(report.cut).toMatchObject({ writeErrors: {}, unknownOutcome: 0 });
      const attempts = args.includes('crash-while-going-back')
        ? [
            { status: 'ABORTED', redriven: 1 },
            { status: 'SUCCEEDED', redriven: 0 },
          ]
        : [{ status: 'SUCCEEDED', redriven: 0 }];
      expect(report.goingBack?.attempts).toEqual(attempts);
      expect(report.periods.map(({ lost, doubled }) => lost + doubled)).toEqual([0, 0, 0]);
      expect(report.periods.every(({ acknowledged }) => acknowledged > 0)).toBe(true);
    },
  );

  it('a broken stream is closed and told, and the upgrade stands', { timeout: 5 * minutes }, async () => {
    const { report, names } = await rehearseSoundly(['--fault', 'reverse-broken']);
    expect(report.endState).toBe('Green serves production');
    expect(names).toContain('Close the broken way back');
    expect(report.announcements.map(({ subject }) => subject)).toContain('No way back any more: orders');
  });

  it('a pooler that hooks hold spares clients every error, and a way back that nobody needs leaves nothing behind', {
    timeout: 5 * minutes,
  }, async () => {
    const { report, names } = await rehearseSoundly(['--endpoint', 'pause']);
    expect(report.cut).toMatchObject({ writeErrors: {}, unknownOutcome: 0 });
    expect(names).not.toContain('Hold application writes');
    expect(report.cut.hold?.states.map(({ name }) => name)).toContain('Secure the way back');
    expect(report.cut.hold).toMatchObject({ from: 'Stop writes', to: 'Resume writes' });
    expect(report.goingBack).toBeNull();
    expect(report.periods.map(({ lost, doubled }) => lost + doubled)).toEqual([0, 0]);
    expect(report.endState).toBe('Green serves production');
    expect(names.indexOf('Close the way back')).toBeLessThan(names.indexOf('Release the deployment record'));
  });
});
