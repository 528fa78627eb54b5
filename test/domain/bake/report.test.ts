import { describe, expect, it } from 'vitest';
import {
  type Baked,
  describeBakePlan,
  describeCompared,
  reportBake,
} from '../../../functions/domain/bake/report.ts';
import type { Failure } from '../../../functions/domain/model/failure.ts';
import type { StateName } from '../../../functions/domain/model/states.ts';
import { request, saturday } from '../sample.ts';

const baseline = {
  takenAt: new Date(saturday).toISOString(),
  usual: { WriteLatency: { value: 0.004, points: 60 } },
  missing: {},
};
const compared = { WriteLatency: { before: 0.004, after: 0.0051234, points: 58 } };
const failed = (state: StateName, error: string): Failure => ({
  state,
  error: `BlueGreen.${error}`,
  cause: 'why',
});

describe('what is recorded of a bake', () => {
  it.each<[verdict: string | null, when: string, baked: Baked, failure: Failure | null]>([
    ['pass', 'it passed', { over: true, compared }, null],
    [
      'pass',
      'it passed, and the clean-up failed',
      { over: true, compared },
      failed('Take final snapshot', 'Busy'),
    ],
    ['fail', 'it failed', {}, failed('Bake', 'TestFailed')],
    ['undecided', 'it is undecided', { undecided: 'why', compared }, failed('Bake', 'NotReadyInTime')],
    ['undecided', 'nothing was ever heard of it', {}, failed('Bake', 'NotReadyInTime')],
    [null, 'somebody stopped it', {}, failed('Bake', 'StopRequested')],
    [null, 'the run stopped before', {}, failed('Final check', 'TestFailed')],
  ])('%s: %s', (verdict, _when, baked, failure) => {
    const report = reportBake(baseline, baked, failure);
    expect(report).toMatchObject({ verdict, baseline, compared: baked.compared ?? {} });
    expect(report.because).toBe(failure?.state === 'Bake' ? 'why' : null);
  });

  it('has no baseline where none was taken', () => {
    expect(reportBake({ usual: {}, missing: {} }).baseline).toBeNull();
    expect(reportBake(undefined)).toEqual({ verdict: null, because: null, baseline: null, compared: {} });
  });

  it('is put into words', () => {
    const unknown = { DBLoad: { before: 2, after: null, points: 0 }, X: { before: 1, after: 1, points: 1 } };
    expect(describeCompared({ ...compared, ...unknown })).toEqual([
      'WriteLatency: 0.004 s before, 0.00512 s after the cut (58 points)',
      'DBLoad: 2 before, not known after the cut (0 points)',
      'X: 1 before, 1 after the cut (1 point)',
    ]);
  });
});

describe('what approvers read of the bake', () => {
  it.each<[words: string, asked: object, hasWayBack?: boolean]>([
    [
      '60 min; no alarm is watched; compared with blue before the cut: CPUUtilization, ReadLatency, WriteLatency, DatabaseConnections; a failure asks people whether to go back, as long as the way back is open',
      {},
    ],
    [
      '1 min; no alarm is watched; nothing is compared with blue; a failure is announced, and production stays where it is: there is no way back',
      { bake: { minutes: 1, metrics: [] }, wayBack: { onFailure: 'go-back' } },
      false,
    ],
    ['none: nobody watches new production after the cut', { bake: { minutes: 0 } }],
    [
      '1 min; alarms that must stay OK: a, b; nothing is compared with blue; a failure goes back by itself, as long as the way back is open',
      { bake: { minutes: 1, alarms: ['a', 'b'] }, wayBack: { onFailure: 'go-back' } },
    ],
  ])('%s', (words, asked, hasWayBack = true) => {
    expect(describeBakePlan(request(asked), hasWayBack)).toBe(words);
  });
});
