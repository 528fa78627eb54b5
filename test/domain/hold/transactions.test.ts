import { describe, expect, it } from 'vitest';
import {
  judgeTransactions,
  type LongTransaction,
  type TransactionsOf,
  watchesTransactions,
} from '../../../functions/domain/hold/transactions.ts';
import { requestSchema } from '../../../functions/domain/request/request.ts';
import { seenOf } from '../seen.ts';

const app = { database: 'shop', pid: 7, user: 'app', seconds: 90, idle: false, query: '81fe' };
const prepared = { ...app, pid: null, query: null, prepared: 'order-1' };
const named = 'open for more than 60 s: session 7 of app in shop for 90 s, query 81fe on blue';

describe('transactions that have written and stay open', () => {
  it.each<[string, 'wait' | 'stop' | 'end', boolean, Partial<TransactionsOf>, string, string?]>([
    ['none', 'stop', false, {}, 'ready'],
    ['one, to be waited for', 'wait', false, { blue: [app] }, 'not-yet', named],
    [
      'one, over which the run stops',
      'stop',
      false,
      { blue: [app] },
      'no',
      `${named} (switchover.longTransactions is stop)`,
    ],
    ['one, to be ended right before the hold', 'end', false, { blue: [app] }, 'ready'],
    ['one that did not end', 'end', true, { blue: [app] }, 'not-yet', named],
    [
      'a prepared one on green',
      'wait',
      false,
      { green: [prepared] },
      'not-yet',
      'open for more than 60 s: prepared transaction "order-1" of app in shop for 90 s on green',
    ],
    [
      'an idle one without a name',
      'wait',
      false,
      { blue: [{ ...app, idle: true, database: '', user: '', query: null }] },
      'not-yet',
      'open for more than 60 s: session 7 for 90 s, idle on blue',
    ],
    [
      'a side that does not answer',
      'end',
      false,
      { green: 'no answer' },
      'not-yet',
      'green was not asked for long transactions: no answer',
    ],
    [
      'a side that does not answer, where the run stops',
      'stop',
      false,
      { blue: 'no answer' },
      'not-yet',
      'blue was not asked for long transactions: no answer',
    ],
  ])('%s', (_, longTransactions, ended, found, kind, because) => {
    const limits = { timeoutSeconds: 300, longTransactionSeconds: 60, longTransactions };
    const verdict = judgeTransactions(limits, { blue: [], green: [], ...found }, ended);
    expect(verdict.kind).toBe(kind);
    expect(verdict.kind === 'ready' ? undefined : seenOf(verdict)).toBe(because);
    expect(verdict.kind === 'not-yet' && verdict.because === because).toBe(false);
  });

  it('are named a dozen', () => {
    const many = Array.from({ length: 13 }, (_, pid): LongTransaction => ({ ...app, pid }));
    const limits = { timeoutSeconds: 300, longTransactionSeconds: 60, longTransactions: 'wait' as const };
    expect(judgeTransactions(limits, { blue: many, green: [] }, false)).toMatchObject({
      because: expect.stringMatching(/session 11 .*; and 1 more; if it stays so, /),
    });
  });

  it.each([
    [true, undefined, false],
    [true, 'wait', true],
    [false, 'wait', false],
    [false, 'end', true],
  ] as const)('are looked for: way back possible %s, %s', (possible, longTransactions, watched) => {
    const wayBack = longTransactions ? { login: {} } : {};
    const input = {
      database: 'orders',
      target: { engineVersion: '17.1' },
      wayBack,
      switchover: { longTransactions },
    };
    expect(watchesTransactions(requestSchema.parse(input), { possible })).toBe(watched);
  });
});

it('nothing is stopped or ended without a login', () => {
  const input = {
    database: 'orders',
    target: { engineVersion: '17.1' },
    switchover: { longTransactions: 'end' },
  };
  expect(requestSchema.safeParse(input).error?.issues).toMatchObject([
    { path: ['switchover', 'longTransactions'] },
  ]);
});
