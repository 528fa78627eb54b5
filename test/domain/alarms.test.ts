import { describe, expect, it } from 'vitest';
import { type AlarmReading, judgeAlarms, judgeBake } from '../../functions/domain/alarms.ts';
import { read, unreadable } from '../../functions/domain/reading.ts';
import { saturday } from './sample.ts';

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
});

describe('is the bake over?', () => {
  const fine = [alarm('a', 'OK')];
  it.each<[verdict: string, when: string, readings: AlarmReading[], until: number]>([
    ['ready', 'its time has come and all is fine', fine, saturday],
    ['not-yet', 'a millisecond is left', fine, saturday + 1],
    ['not-yet', 'its time has come, but there is no data', [alarm('a', 'INSUFFICIENT_DATA')], saturday - 1],
    ['not-yet', 'its end cannot be read', fine, Number.NaN],
    ['no', 'an alarm fires early', [alarm('a', 'ALARM')], saturday + 1],
  ])('%s: %s', (kind, _when, readings, until) => {
    expect(judgeBake(['a'], readings, until, saturday).kind).toBe(kind);
  });
});
