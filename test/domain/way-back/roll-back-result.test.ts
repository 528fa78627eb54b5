import { describe, expect, it } from 'vitest';
import {
  judgeRollBack,
  type Returning,
  wasRefused,
} from '../../../functions/domain/way-back/roll-back-result.ts';

const run = (status: string, error?: string, cause?: string): Returning => ({ status, error, cause });

describe('which side serves once an execution that goes back has ended', () => {
  it.each<[when: string, run: Returning | undefined, side: string, because: string]>([
    ['went back', run('SUCCEEDED'), 'blue', 'back-1 went back and proved it'],
    [
      'proved that new production serves',
      run('FAILED', 'BlueGreen.TestFailed', 'tables differ'),
      'green',
      'back-1 ended FAILED: tables differ',
    ],
    [
      'proved nothing',
      run('FAILED', 'BlueGreen.OutcomeUnknown', 'no answer'),
      'unknown',
      'back-1 ended FAILED: no answer',
    ],
    [
      'was refused before it had looked',
      run('FAILED', 'BlueGreen.RequestInvalid', 'no such run'),
      'unknown',
      'back-1 ended FAILED: no such run',
    ],
    ['ended without an error', run('FAILED'), 'unknown', 'back-1 ended FAILED: no reason given'],
    [
      'was stopped by a person, whatever error they wrote',
      run('ABORTED', 'BlueGreen.TestFailed'),
      'unknown',
      'back-1 ended ABORTED: BlueGreen.TestFailed',
    ],
    ['ran out of time', run('TIMED_OUT'), 'unknown', 'back-1 ended TIMED_OUT: no reason given'],
    ['is not there', undefined, 'unknown', 'back-1 is not there'],
  ])('%s', (_, returning, side, because) => {
    expect(judgeRollBack('back-1', returning)).toEqual({ kind: 'ready', facts: { side, because } });
  });

  it.each(['RUNNING', 'PENDING_REDRIVE'])('is not known while it is %s', (status) => {
    expect(judgeRollBack('back-1', run(status))).toEqual({
      kind: 'not-yet',
      because: `back-1 is ${status}; if it stays so, look at that execution: its history says for what it waits`,
    });
  });
});

it.each<[what: string, returning: Returning | undefined, refused: boolean]>([
  ['refused its input', run('FAILED', 'BlueGreen.RequestInvalid'), true],
  ['failed later', run('FAILED', 'BlueGreen.TestFailed'), false],
  ['was stopped', run('ABORTED', 'BlueGreen.RequestInvalid'), false],
  ['is not there', undefined, false],
])('an execution that %s has changed nothing: %s', (_, returning, refused) => {
  expect(wasRefused(returning)).toBe(refused);
});
