import type { StatesEngine } from '../states/engine.ts';

export interface Visit {
  name: string;
  /** Real milliseconds since the epoch. */
  enteredAt: number;
  exitedAt: number | null;
}

/** Follows the states of an execution as they are entered and left; a state that is waited in again is one visit each time. */
export function followStates(states: StatesEngine, now: () => number, show: (visit: Visit) => void): Visit[] {
  const visits: Visit[] = [];
  states.on((event) => {
    if (event.kind !== 'history') return;
    const entered = event.event.stateEnteredEventDetails?.name;
    const exited = event.event.stateExitedEventDetails?.name;
    if (entered) {
      const visit = { name: entered, enteredAt: now(), exitedAt: null };
      visits.push(visit);
      show(visit);
    }
    if (exited) {
      const open = visits.findLast(({ name, exitedAt }) => name === exited && exitedAt === null);
      if (open) open.exitedAt = now();
    }
  });
  return visits;
}

/** Lines of progress: when, and which state. Choices and passes go by without a line; a state is named once in a row. */
export function progressLines(startedAt: number, print: (line: string) => void): (visit: Visit) => void {
  let last = '';
  return ({ name, enteredAt }) => {
    if (name === last || name.endsWith('?')) return;
    last = name;
    print(`${((enteredAt - startedAt) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  };
}
