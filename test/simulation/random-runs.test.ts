import { describe, expect, test } from 'vitest';
import { type PlayedSeed, playSeed } from './random-run.ts';

/** Runs of the sweep, and its first seed; `npm run simulate` gives others. A run that broke can be repeated by its seed. */
const runs = Number(process.env.SIMULATED_RUNS ?? 200);
const firstSeed = Number(process.env.SIMULATED_FROM ?? 1);
const atOnce = Math.min(20, runs);

const chunks = Array.from({ length: Math.ceil(runs / atOnce) }, (_, index) => firstSeed + index * atOnce);

describe('whatever chance puts together', () => {
  test.each(chunks)(
    'holds every invariant, and ends truthfully: the seeds from %i on',
    { timeout: 120_000 },
    async (first) => {
      for (let seed = first; seed < Math.min(first + atOnce, firstSeed + runs); seed += 1) {
        const played = await playSeed(seed);
        expect(played, tell(played)).toMatchObject({ lies: [], broken: [], repeated: [] });
      }
    },
  );
});

/** How a seed that broke something is played again, and what happened in it. */
const tell = ({ seed, kind, story, end }: PlayedSeed): string =>
  `npm run simulate -- --seeds 1 --from ${seed}: ${kind}, ${end}: ${JSON.stringify(story)}`;
