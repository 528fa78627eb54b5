import { describe, expect, it } from 'vitest';
import { findWakeObstacle } from '../../../functions/domain/model/wake-budget.ts';

const young = { wakes: 0, events: 100, planned: 3_000 };

describe('an event wakes a run', () => {
  it.each([
    ['that was not woken in the last hour', young],
    ['that was woken 9 times in the last hour', { ...young, wakes: 9 }],
    ['whose history has just room for what is planned', { ...young, events: 21_000 }],
  ])('%s', (_, facts) => {
    expect(findWakeObstacle(facts)).toBeUndefined();
  });
});

describe('an event does not wake a run', () => {
  it.each([
    ['that was woken 10 times in the last hour', { ...young, wakes: 10 }, '10 times in the last hour'],
    [
      'whose history has no room',
      { ...young, events: 21_001 },
      'has 21001 events, and what is planned may need 3000 more',
    ],
  ])('%s', (_, facts, because) => {
    expect(findWakeObstacle(facts)).toContain(because);
  });
});
