import { describe, expect, it } from 'vitest';
import {
  type Failure,
  isError,
  isUndecidedBake,
  messageOf,
} from '../../../functions/domain/model/failure.ts';

describe('the message of a failure', () => {
  it.each<[what: string, cause: unknown, message: string]>([
    [
      'of a function, which Lambda wraps',
      '{"errorMessage":"green is gone","trace":["at x"]}',
      'green is gone',
    ],
    ['of JSON that names no message', '{"error":"x"}', '{"error":"x"}'],
    ['of JSON whose message is no text', '{"errorMessage":7}', '{"errorMessage":7}'],
    ['of plain text', 'not in time', 'not in time'],
    ['of a number', '7', '7'],
    ['of null, written out', 'null', 'null'],
    ['that has none', undefined, ''],
    ['that is null', null, ''],
  ])('%s', (_, cause, message) => {
    expect(messageOf({ cause: cause as string })).toBe(message);
  });
});

it('an error of a hook is none of ours', () => {
  expect(isError('BlueGreen.Busy', 'BlueGreen.Busy')).toBe(true);
  expect(isError('HookError', 'BlueGreen.Busy')).toBe(false);
  expect(isError(undefined, 'BlueGreen.Busy')).toBe(false);
});

describe('a bake that ended without a verdict', () => {
  const late: Failure = { state: 'Bake', error: 'BlueGreen.NotReadyInTime', cause: 'no data' };
  it.each<[what: string, failure: Failure | null, undecided: boolean]>([
    ['its deadline passed', late, true],
    ['it found harm', { ...late, error: 'BlueGreen.TestFailed' }, false],
    ['another state was late', { ...late, state: 'Wait for green' }, false],
    ['nothing failed', null, false],
  ])('%s', (_, failure, undecided) => {
    expect(isUndecidedBake(failure)).toBe(undecided);
  });
});
