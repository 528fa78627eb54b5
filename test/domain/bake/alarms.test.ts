import { describe, expect, it } from 'vitest';
import { type AlarmReading, judgeAlarms } from '../../../functions/domain/bake/alarms.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import { seenOf } from '../seen.ts';

const alarm = (name: string, state: string, actionsEnabled = true): AlarmReading => ({
  name,
  seen: read({ state, actionsEnabled }),
});

describe('are all alarms fine?', () => {
  it.each<[verdict: string, when: string, wanted: string[], readings: AlarmReading[]]>([
    ['ready', 'none is asked for', [], []],
    ['ready', 'all are OK', ['a', 'b'], [alarm('b', 'OK'), alarm('a', 'OK')]],
    ['no', 'one fires', ['a', 'b'], [alarm('a', 'OK'), alarm('b', 'ALARM')]],
    ['no', 'one fires with its actions off', ['a'], [alarm('a', 'ALARM', false)]],
    [
      'no',
      'one fires, another has no data',
      ['a', 'b'],
      [alarm('a', 'INSUFFICIENT_DATA'), alarm('b', 'ALARM')],
    ],
    ['not-yet', 'one has no data', ['a'], [alarm('a', 'INSUFFICIENT_DATA')]],
    ['not-yet', 'a state from the future', ['a'], [alarm('a', 'SNOOZED')]],
    ['not-yet', 'one is switched off', ['a'], [alarm('a', 'OK', false)]],
    ['not-yet', 'one does not exist', ['a'], [{ name: 'a', seen: read(null) }]],
    ['not-yet', 'one cannot be read', ['a'], [{ name: 'a', seen: unreadable('Throttling') }]],
    ['not-yet', 'one was not read', ['a', 'b'], [alarm('a', 'OK')]],
  ])('%s: %s', (kind, _when, wanted, readings) => {
    expect(judgeAlarms(wanted, readings).kind).toBe(kind);
  });

  it.each<[says: string, wanted: string[], readings: AlarmReading[]]>([
    [
      'alarm a is in ALARM; alarm b is in ALARM',
      ['a', 'c', 'b'],
      [alarm('a', 'ALARM'), alarm('b', 'ALARM'), alarm('c', 'OK')],
    ],
    [
      'alarm a is SNOOZED; alarm b was not read; alarm c has its actions switched off',
      ['a', 'b', 'c'],
      [alarm('a', 'SNOOZED'), alarm('c', 'OK', false)],
    ],
    ['alarm a is without a state', ['a'], [alarm('a', '')]],
    ['alarm a does not exist', ['a'], [{ name: 'a', seen: read(null) }]],
    ['alarm a could not be read: Throttling', ['a'], [{ name: 'a', seen: unreadable('Throttling') }]],
  ])('says: %s', (because, wanted, readings) => {
    const verdict = judgeAlarms(wanted, readings);
    expect(verdict.kind !== 'ready' && seenOf(verdict)).toBe(because);
    if (verdict.kind === 'not-yet') expect(verdict.because).toContain('leave it out of bake.alarms');
  });
});
