import { describe, expect, it } from 'vitest';
import {
  describeSteering,
  findSteeringObstacle,
  isSteering,
  longestPauseHours,
  readPaused,
  type Steering,
} from '../../../functions/domain/hold/steering.ts';
import type { StateName } from '../../../functions/domain/model/states.ts';

const minute = 60_000;
const ask = (kind: Steering, state: StateName, parameters: Record<string, unknown> = {}) =>
  findSteeringObstacle(kind, { state, parameters });

describe('what is asked of an open run', () => {
  it.each<[kind: Steering, words: string]>([
    ['stop', 'ann (by her role) stopped the run: too late'],
    ['pause', 'ann (by her role) paused the run: too late'],
    ['resume', 'ann (by her role) resumed the run: too late'],
    ['ask-to-go-back', 'ann (by her role) asked to go back: too late'],
  ])('%s is known, and recorded with who and why', (kind, words) => {
    expect(isSteering(kind)).toBe(true);
    expect(describeSteering(kind, 'ann', 'by her role', 'too late')).toBe(words);
  });

  it.each(['approve', '', 'toString'])('nothing else is: "%s"', (kind) => {
    expect(isSteering(kind)).toBe(false);
  });
});

describe('a run may be stopped', () => {
  it.each<StateName>([
    'Wait for green',
    'Wait for green after its failover',
    'Wait for approval',
    'Wait for window',
    'Wait for replication to catch up',
    'Watch the reads',
    'Wait to be resumed',
    'Bake',
    'Wait for a decision',
    'Wait for retention',
  ])('in "%s"', (state) => {
    expect(ask('stop', state)).toBeUndefined();
  });

  it('not while it cuts', () => {
    expect(ask('stop', 'Start switchover')).toBe('it is in "Start switchover"');
  });
});

describe('a run may be paused', () => {
  it('while a minute of the time for it is left', () => {
    expect(ask('pause', 'Wait for window', { pauseLeft: minute })).toBeUndefined();
  });

  it('not with less', () => {
    expect(ask('pause', 'Wait for window', { pauseLeft: minute - 1 })).toBe(
      `it was paused for ${longestPauseHours} hours before, and no longer in all`,
    );
  });

  it('not in a wait that holds no time for it', () => {
    expect(ask('pause', 'Bake')).toBe('it is in "Bake", and only a wait before the cut can be paused');
  });

  it('and says by whom and since when', () => {
    const paused = { because: 'ann: lunch', at: '2026-11-21T12:00:00Z' };
    expect(readPaused({ state: 'Wait to be resumed', parameters: { paused } })).toEqual(paused);
    expect(readPaused({ state: 'Wait for window', parameters: { paused } })).toBeUndefined();
  });

  it('and resumed only then', () => {
    expect(ask('resume', 'Wait to be resumed')).toBeUndefined();
    expect(ask('resume', 'Bake')).toBe('it is not paused: it is in "Bake"');
  });
});

describe('people may ask to go back', () => {
  const wayBack = { attached: true, open: true };

  it('where the way back is attached and open', () => {
    expect(ask('ask-to-go-back', 'Bake', { wayBack })).toBeUndefined();
  });

  it.each([
    ['nothing is known of a way back', {}],
    ['it is not attached', { wayBack: { open: true } }],
    ['it is not open', { wayBack: { attached: true } }],
    ['the run goes back already', { wayBack, goingBack: { because: 'ann asked' } }],
  ])('not when %s', (_when, parameters) => {
    expect(ask('ask-to-go-back', 'Bake', parameters)).toBe('it is in "Bake", where no way back is open');
  });
});
