import type { StateName } from '../model/states.ts';

/** States in the order in which they were entered. Milliseconds since the epoch. */
export type Entered = readonly { state: StateName; at: number }[];

/** What a rehearsal measured, in seconds; null: the run did not come there. Times of states, so each holds a look of a few seconds. */
export interface Measured {
  /** From asking RDS for green to a green that is ready, with every change to it, and before it is tested. */
  build: number | null;
  statistics: number | null;
  /** From holding writes, or from asking for the switchover, to their release. */
  writesOut: number | null;
  /** From closing new production to opening blue. */
  goingBack: number | null;
  /** The part of that in which databases are renamed. */
  renames: number | null;
}

/** @param run the run on the copy. @param back the execution that goes back there; empty: there was none */
export function measure(run: Entered, back: Entered): Measured {
  return {
    build: between(run, ['Create green'], 'Is a failover of green to be tested?'),
    statistics: between(run, ['Begin with the statistics of green'], 'Find the next window'),
    writesOut: between(run, ['Hold application writes', 'Start switchover'], released(run)),
    goingBack: between(back, ['Fence new production'], 'Verify going back'),
    renames: between(back, ['Begin to swap the endpoint'], 'Admit the application'),
  };
}

/** Where writes were held they are out until they are released, and otherwise until the side that serves is proved. */
const released = (run: Entered): StateName =>
  run.some(({ state }) => state === 'Release application writes')
    ? 'Were application writes released?'
    : 'Which side serves production?';

/** From the first of these states that was entered to the last entry of another; null where one of them was not. */
function between(entered: Entered, from: StateName[], to: StateName): number | null {
  const begun = entered.find(({ state }) => from.includes(state))?.at;
  const ended = entered.findLast(({ state }) => state === to)?.at;
  return begun === undefined || ended === undefined || ended < begun ? null : (ended - begun) / 1_000;
}
