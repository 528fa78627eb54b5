import { describe, expect, test } from 'vitest';
import { playSeed, tell } from './random-run.ts';

/** `npm run simulate` plays others; CI plays 2,000 in a job of its own. */
const runs = 100;
const atOnce = 20;

const chunks = Array.from({ length: runs / atOnce }, (_, index) => 1 + index * atOnce);

describe('whatever chance puts together', () => {
  test.each(chunks)(
    'holds every invariant, and ends truthfully: the seeds from %i on',
    { timeout: 120_000 },
    async (first) => {
      for (let seed = first; seed < first + atOnce; seed += 1)
        expect(tell(await playSeed(seed))).toBeUndefined();
    },
  );
});

const held = { seed: 7, kind: 'postgres', story: ['the lag is -1'], end: 'Outcome', error: undefined };
const nothing = { lies: [], broken: [], repeated: [] };

describe('a seed', () => {
  test('of which everything held is not told', () => {
    expect(tell({ ...held, ...nothing })).toBeUndefined();
  });

  test.each([{ lies: ['a lie'] }, { broken: [{ id: 'I1' }] }, { repeated: ['CreateDBSnapshot'] }])(
    'that broke something (%j) is told with its story, and how it is played again',
    (found) => {
      const told = tell({ ...held, ...nothing, ...found });
      expect(told).toContain('npm run simulate -- --seeds 1 --from 7');
      expect(told).toContain('the lag is -1');
      expect(told).toContain(JSON.stringify(Object.values(found)[0]));
    },
  );
});
