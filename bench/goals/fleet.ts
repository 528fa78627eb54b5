import { type Calls, playFleet } from '../../test/simulation/fleet.ts';
import { hour, minute } from '../../test/simulation/stage.ts';
import type { GoalRow } from './goal.ts';

/** More take minutes each: `npm run bench:fleet`. */
const runs = 20;
const every = 500;
/** The neighbour may be turned away in as many of its calls as rounds to nothing. */
const goal = 0.001;

/** Runs that share a window, with the throttle of RDS and a neighbour of two calls a second, in virtual time. */
export async function fleetRows(): Promise<GoalRow[]> {
  const plan = { every, opensAfter: 2 * hour, openFor: 4 * hour, bakeMinutes: 5, neighbour: 2 };
  const alone = await playFleet({ ...plan, runs: 1 });
  const all = await playFleet({ ...plan, runs });
  const asAlone = all.ends.filter((end) => end === alone.ends[0]).length;
  return [
    {
      goal: `${runs} runs in one window end as one alone`,
      figure: `${asAlone} of ${runs}, the last cut ${Math.round(all.lastCut / minute)} min after it opens`,
      baseline: `${alone.ends[0]} alone`,
      met: asAlone === runs,
    },
    {
      goal: 'and the neighbour is turned away as without them',
      figure: describe(all.neighbour),
      baseline: `${describe(alone.neighbour)} beside one`,
      met: shareOf(all.neighbour) <= goal,
    },
  ];
}

const shareOf = ({ asked, refused }: Calls) => refused / Math.max(1, asked);
const describe = (calls: Calls) => `${(100 * shareOf(calls)).toFixed(2)} % of ${calls.asked}`;
