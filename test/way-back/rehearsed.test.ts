import { describe, expect, it } from 'vitest';
import { fewWriters } from '../rehearsal/command.ts';
import { rehearseWithWayBack } from './rehearse-with-way-back.ts';

const minutes = 60_000;

describe('on real PostgreSQL servers, under live writes', () => {
  it.each([
    [
      'a person asks, and hooks hold the application',
      ['--go-back', '--endpoint', 'pause'],
      'BlueGreen.StopRequested',
    ],
    [
      'writes become slow, and clients come by a record of Route 53',
      ['--fault', 'slow-after-cut', '--way-back-endpoint', 'route53', ...fewWriters],
      'BlueGreen.TestFailed',
    ],
    [
      'it is killed twice on the way into a clone of Aurora',
      ['--fault', 'crash-while-going-back', '--engine', 'aurora-postgresql', ...fewWriters],
      'BlueGreen.StopRequested',
    ],
  ])(
    'production goes back without losing a row when %s',
    { timeout: 5 * minutes },
    async (_, args, error) => {
      const { report, names } = await rehearseWithWayBack(args);
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
      expect(names.includes('Wait for the DNS TTL')).toBe(byRecord);
      const told = report.announcements.at(-1)?.text.replace(/\s+/g, ' ');
      expect(told?.includes('orders-db.rehearsal.test leads to blue')).toBe(byRecord);
      if (args.includes('pause')) expect(report.cut).toMatchObject({ errorsOfPooled: {}, unknownOutcome: 0 });
      const attempts = args.includes('crash-while-going-back')
        ? [
            { status: 'ABORTED', redriven: 1 },
            { status: 'SUCCEEDED', redriven: 0 },
          ]
        : [{ status: 'SUCCEEDED', redriven: 0 }];
      expect(report.goingBack?.attempts).toEqual(attempts);
      const scaled = args.includes('aurora-postgresql') ? ['scaling policy'] : [];
      expect(report.beside).toEqual(['IAM role', 'tags', 'event subscription', 'alarm', ...scaled]);
      expect(report.announcements.some(({ text }) => text.includes('Production has again'))).toBe(true);
      expect(report.periods.map(({ lost, doubled }) => lost + doubled)).toEqual([0, 0, 0]);
      expect(report.periods.every(({ acknowledged }) => acknowledged > 0)).toBe(true);
    },
  );
});
