import { rehearse } from '../rehearsed.ts';
import type { GoalRow } from './goal.ts';

const goals = { gap: 600, going: 5_000 };

/** What a client sees of a whole rehearsal that goes back: states, functions and real servers on this machine. */
export async function rehearsalRows(): Promise<GoalRow[]> {
  const { cut, goingBack, rows, invariants } = await rehearse('--go-back');
  const back = goingBack?.longestWriteGapMs ?? Number.NaN;
  const held = invariants.filter(({ holds }) => holds).length;
  return [
    {
      goal: `a rehearsal's gap at the cut: ${goals.gap} ms`,
      figure: `${Math.round(cut.longestWriteGapMs)} ms`,
      baseline: `${Math.round(cut.windowMs ?? Number.NaN)} ms, the cut of RDS`,
      met: cut.longestWriteGapMs <= goals.gap,
    },
    {
      goal: `going back in a rehearsal: ${goals.going / 1_000} s, two renames included`,
      figure: `${(back / 1_000).toFixed(1)} s`,
      baseline: '',
      met: back <= goals.going,
    },
    {
      goal: 'no row lost or doubled, every check holds',
      figure: `${rows.lost + rows.doubled} of ${rows.acknowledged}, ${held} of ${invariants.length}`,
      baseline: '',
      met: rows.lost + rows.doubled === 0 && held === invariants.length,
    },
  ];
}
