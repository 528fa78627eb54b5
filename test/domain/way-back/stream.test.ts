import { describe, expect, it } from 'vitest';
import type { StreamFacts } from '../../../functions/domain/way-back/facts.ts';
import { type EarlierLook, judgeStreams } from '../../../functions/domain/way-back/stream.ts';

const GiB = 2 ** 30;
const limits = { walBudgetBytes: 20 * GiB, doubtSeconds: 120 };
const now = Date.UTC(2026, 0, 10, 3);

const slot = { active: true, walStatus: 'reserved', retainedBytes: 5_000, confirmed: '1/A0', lagBytes: 0 };
const subscription = {
  enabled: true,
  workerAlive: true,
  received: '1/A0',
  applyErrors: 0,
  tablesNotReady: 0,
};
const stream: StreamFacts = {
  database: 'shop',
  slot,
  subscription,
  beat: { sent: 8, arrived: 7, arrivedAgeSeconds: 15 },
};
const earlier: EarlierLook = {
  streams: [{ ...stream, beat: { ...stream.beat, sent: 7 } }],
  doubtSince: null,
};
const judge = (change: Partial<StreamFacts>, before: EarlierLook | undefined = earlier) =>
  judgeStreams([{ ...stream, ...change }], before, limits, now);

describe('whole', () => {
  it.each<[string, Partial<StreamFacts>]>([
    ['the beat of the last look has arrived', {}],
    ['the newest beat has arrived already', { beat: { sent: 8, arrived: 8, arrivedAgeSeconds: 0 } }],
    ['errors of long ago', { subscription: { ...subscription, applyErrors: 12 } }],
    ['a target that counts no errors', { subscription: { ...subscription, applyErrors: null } }],
    [
      'much log kept, within the budget',
      { slot: { ...slot, walStatus: 'extended', retainedBytes: 20 * GiB } },
    ],
  ])('%s', (_name, change) => {
    expect(judge(change)).toEqual({ kind: 'whole' });
  });
});

describe('doubtful: it may heal by itself', () => {
  it.each<[string, Partial<StreamFacts>, string]>([
    [
      'the worker is between two attempts',
      { subscription: { ...subscription, workerAlive: false } },
      'the apply worker of shop does not run',
    ],
    ['nobody reads the slot', { slot: { ...slot, active: false } }, 'the slot of shop is not in use'],
    [
      'log is about to be removed',
      { slot: { ...slot, walStatus: 'unreserved' } },
      'the slot of shop is unreserved',
    ],
    ['an unknown state', { slot: { ...slot, walStatus: null } }, 'the slot of shop is of unknown state'],
    [
      'no beat has ever arrived',
      { beat: { sent: 8, arrived: null, arrivedAgeSeconds: null } },
      'the last beat of shop has not arrived',
    ],
    [
      'the beat is stuck, and the lag is tiny',
      {
        beat: { sent: 8, arrived: 6, arrivedAgeSeconds: 30 },
        subscription: { ...subscription, applyErrors: 3 },
      },
      'the last beat of shop has not arrived, and applying has failed 3 times',
    ],
  ])('%s', (_name, change, because) => {
    expect(judge(change)).toEqual({ kind: 'doubtful', because, since: now });
  });

  it('the first look has nothing to compare with', () => {
    expect(judgeStreams([stream], undefined, limits, now)).toMatchObject({ kind: 'doubtful' });
  });

  it('keeps the time at which the doubt began, and is broken when it lasts too long', () => {
    const stuck = { slot: { ...slot, active: false } };
    const since = now - 120_000;
    expect(judge(stuck, { ...earlier, doubtSince: since })).toMatchObject({ kind: 'doubtful', since });
    expect(judge(stuck, { ...earlier, doubtSince: since - 1_000 })).toEqual({
      kind: 'broken',
      because: 'the slot of shop is not in use, for 121 s',
    });
  });
});

describe('broken: it does not heal', () => {
  it.each<[string, Partial<StreamFacts>, string]>([
    ['no slot', { slot: null }, 'the slot of shop is gone'],
    [
      'a lost slot',
      { slot: { ...slot, walStatus: 'lost' } },
      'the slot of shop has lost log that the target needs',
    ],
    [
      'a slot that the server has given up, and says why',
      { slot: { ...slot, walStatus: 'lost', because: 'idle_timeout' } },
      'the slot of shop has lost log that the target needs (idle_timeout)',
    ],
    ['no subscription', { subscription: null }, 'the subscription of shop is gone'],
    [
      'disabled',
      { subscription: { ...subscription, enabled: false } },
      'the subscription of shop is disabled',
    ],
    [
      'stopped with an error that is told',
      { subscription: { ...subscription, enabled: false, because: 'error 1236' } },
      'the subscription of shop is disabled (error 1236)',
    ],
    [
      'tables left out',
      { subscription: { ...subscription, tablesNotReady: 2 } },
      '2 tables of shop are not streamed',
    ],
    [
      'over the budget',
      { slot: { ...slot, retainedBytes: 21 * GiB } },
      'new production keeps 21.0 GiB of log for the stream, the budget is 20.0 GiB',
    ],
  ])('%s', (_name, change, because) => {
    expect(judge(change)).toEqual({ kind: 'broken', because });
  });

  it('one database of several is enough, and none at all is not a stream', () => {
    const other = { ...stream, database: 'stock', slot: null };
    expect(judgeStreams([stream, other], earlier, limits, now)).toEqual({
      kind: 'broken',
      because: 'the slot of stock is gone',
    });
    expect(judgeStreams([], earlier, limits, now).kind).toBe('broken');
  });
});
