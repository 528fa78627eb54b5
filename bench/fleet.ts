/**
 * Runs that share a maintenance window, `npm run bench:fleet`. Time is virtual and RDS turns calls away as the real one does, so the figures are of the
 * workflow and of no machine.
 */
import { parseArgs } from 'node:util';
import { playFleet } from '../test/simulation/fleet.ts';
import { hour, minute } from '../test/simulation/stage.ts';

const { values } = parseArgs({
  options: {
    /** How many runs, comma-separated. */
    runs: { type: 'string', default: '1,20,200' },
    /** Calls a second of somebody else in the account. */
    neighbour: { type: 'string', default: '2' },
    /** Seconds between two starts. */
    every: { type: 'string', default: '15' },
  },
});

const every = 1_000 * Number(values.every);
const rows: Record<string, object> = {};
for (const runs of values.runs.split(',').map(Number)) {
  const result = await playFleet({
    runs,
    every,
    // Every green is ready by then.
    opensAfter: runs * every + 2 * hour,
    openFor: 4 * hour + 4 * runs * every,
    bakeMinutes: 60,
    neighbour: Number(values.neighbour),
  });
  const { ends, neighbour, ours } = result;
  const succeeded = ends.filter((end) => end === 'Green serves production').length;
  rows[`${runs} runs`] = {
    'as alone': `${succeeded} of ${runs}`,
    'neighbour throttled': share(neighbour),
    'own calls throttled': share(ours),
    'calls a run': Math.round(ours.asked / runs),
    'cuts at once': result.mostAtOnce,
    'longest cut': `${Math.round(result.longestCut / 1_000)} s`,
    'last cut after the opening': `${Math.round(result.lastCut / minute)} min`,
  };
}
console.table(rows);

function share({ asked, refused }: { asked: number; refused: number }): string {
  return `${refused} of ${asked} (${((100 * refused) / Math.max(1, asked)).toFixed(2)} %)`;
}
