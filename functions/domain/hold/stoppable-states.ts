import type { RunState, StateName } from '../model/states.ts';

/**
 * The waits that a person may end with "Stop this run". Before the cut the run ends in order with blue serving; during the
 * bake and the retention it ends with green serving and everything kept. Not the cut itself, which nothing
 * interrupts, and not the removal of green, which is what a stop leads to.
 */
const stoppableStates: readonly StateName[] = [
  'Wait for green',
  'Wait for approval',
  'Wait for window',
  'Wait for replication to catch up',
  'Bake',
  'Wait for a decision',
  'Wait for retention',
] satisfies RunState[];

/** Whether a person may end the wait of this state. */
export const isStoppable = (state: StateName): boolean => stoppableStates.includes(state);

/** The cause of a stop as it goes to the record. */
export function describeStop(by: string, identified: string, reason: string): string {
  return `${by} (${identified}) stopped the run: ${reason}`;
}
