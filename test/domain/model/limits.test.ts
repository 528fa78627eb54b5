import { expect, it } from 'vitest';
import { answerIn } from '../../../functions/domain/model/limits.ts';

it.each([
  ['where nobody ends the function that waits', 43, undefined, 43],
  ['where there is time enough', 43, 60, 43],
  ['a second less than there is', 43, 30, 29],
  ['at least a second, however late it is', 43, 0.5, 1],
])('an answer is waited for %s', (_, whole, left, seconds) => {
  expect(answerIn(whole, left)).toBe(seconds);
});
