import { expect, test } from 'vitest';
import {
  advisePutBack,
  describeForecast,
  describePutBack,
  forecast,
  type Kept,
  type PutBack,
} from '../../../functions/domain/close/put-back.ts';
import { keepScaling, type Scaling } from '../../../functions/domain/close/scaling.ts';

const putBack: PutBack = {
  side: 'green',
  present: ['IAM role imports for s3Import of shop', 'event subscription pages of shop'],
  lacking: [{ what: 'IAM role exports for s3Export of shop', because: 'shop has mine for it' }],
};

test('an outcome tells what production has again, and asks a person for the rest', () => {
  expect(describePutBack(putBack, 'green')).toEqual([
    'Production has again: IAM role imports for s3Import of shop, event subscription pages of shop',
  ]);
  expect(advisePutBack(putBack, 'green')).toEqual([
    'Give production the IAM role exports for s3Export of shop: shop has mine for it',
  ]);
});

test.each([
  ['another side serves in the end', putBack, 'blue'],
  ['it is not known which side serves', putBack, 'unknown'],
  ['a run did not come so far', undefined, 'green'],
  ['there was nothing', { side: 'green', present: [], lacking: [] }, 'green'],
] as const)('nothing is told where %s', (_what, known, serves) => {
  const copy = known && { ...known, present: [...known.present], lacking: [...known.lacking] };
  expect(describePutBack(copy, serves)).toEqual([]);
  expect(advisePutBack(copy, serves)).toEqual([]);
});

const put = { kind: 'event source', subscription: 'pages', name: 'shop' } as const;
const kept: Kept[] = [
  { what: 'IAM role imports of shop', state: 'lacking', because: 'shop does not have it', put },
  { what: 'custom endpoint reports', state: 'lacking', because: 'it leads to shop-old1' },
  { what: 'event subscription pages of shop', state: 'present' },
  { what: 'RDS proxy pool', state: 'coming' },
];

test('before the cut each thing is told on a line of its own, by what becomes of it', () => {
  expect(describeForecast(forecast(kept))).toEqual([
    ['Dropped, put back', 'IAM role imports of shop'],
    ['For a person, after', 'custom endpoint reports: it leads to shop-old1'],
    ['Comes along', 'event subscription pages of shop; RDS proxy pool'],
  ]);
});

test('of many things the first dozen of each are kept and told, and how many others there are', () => {
  const many = (state: object) =>
    Array.from({ length: 20 }, (_, index) => ({ what: `thing ${index}`, because: 'so', ...state }) as Kept);
  const known = forecast([
    ...many({ state: 'lacking', put }),
    ...many({ state: 'lacking' }),
    ...many({ state: 'present' }),
  ]);
  const lines = describeForecast(known);
  expect(lines).toHaveLength(27);
  expect(lines[12]).toEqual(['Dropped, put back', 'and 8 more']);
  expect(lines[24]).toEqual(['For a person, after', 'thing 11: so']);
  expect(lines[25]).toEqual(['For a person, after', 'and 8 more']);
});

test('nothing beside the data, or a run that has not looked, has no line', () => {
  expect(describeForecast(forecast([]))).toEqual([]);
  expect(describeForecast(undefined)).toEqual([]);
});

const small: Scaling = { min: 1, max: 2, suspended: {}, policies: [], schedules: [] };
const policy = { name: 'p'.repeat(200), type: 'TargetTrackingScaling', settings: {}, alarms: [] };
test.each([
  ['what was read now', { value: small }, { value: null }, { value: small }],
  ['that there is none now', { value: null }, { value: small }, { value: null }],
  [
    'what was read earlier, where it cannot be read now',
    { unreadable: 'no' },
    { value: small },
    { value: small },
  ],
  ['why it cannot be read', { unreadable: 'no' }, undefined, { unreadable: 'no' }],
  [
    'that it is too much for a run',
    { value: { ...small, policies: Array.from({ length: 100 }, () => policy) } },
    undefined,
    { unreadable: expect.stringMatching(/^its \d+ characters are more than a run carries$/) },
  ],
])('of auto scaling a run keeps %s', (_what, newest, earlier, keeps) => {
  expect(keepScaling(newest, earlier)).toEqual(keeps);
});
