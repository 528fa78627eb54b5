import { expect, test } from 'vitest';
import { advisePutBack, describePutBack, type PutBack } from '../../../functions/domain/close/put-back.ts';

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
