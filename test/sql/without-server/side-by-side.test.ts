import { expect, it } from 'vitest';
import { inTurn, sideBySide, together } from '../../../functions/sql/side-by-side.ts';

const items = Array.from({ length: 12 }, (_, index) => index);
const aMoment = () => new Promise((resolve) => setImmediate(resolve));

it('asks a few at the same time, and answers in the order of the questions', async () => {
  let open = 0;
  let most = 0;
  const answers = await sideBySide(items, async (item) => {
    open += 1;
    most = Math.max(most, open);
    for (let turn = item; turn < items.length; turn += 1) await aMoment();
    open -= 1;
    return item * 2;
  });
  expect(answers).toEqual(items.map((item) => item * 2));
  expect(most).toBe(together);
});

it('begins nothing after a failure, waits for what was begun, and tells the first by order', async () => {
  const ended: number[] = [];
  const asked = sideBySide(items, async (item) => {
    if (item === 3) throw new Error('three');
    for (let turn = 0; turn < 5; turn += 1) await aMoment();
    ended.push(item);
    if (item === 1) throw new Error('one');
  });
  await expect(asked).rejects.toThrow('one');
  expect(ended.toSorted()).toEqual([0, 1, 2, 4]);
});

it('or one after the other', async () => {
  const seen: string[] = [];
  await inTurn(['a', 'b'], async (item) => {
    seen.push(`${item} begins`);
    await aMoment();
    seen.push(`${item} ends`);
  });
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(await sideBySide([], async () => 1)).toEqual([]);
});
