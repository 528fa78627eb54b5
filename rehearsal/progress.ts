import type { StatesEngine } from '../packages/local-aws/states/engine.ts';

export interface Visit {
  name: string;
  /** The state machine: the run itself, or going back. */
  machine: string;
  /** Real milliseconds since the epoch. */
  enteredAt: number;
  exitedAt: number | null;
}

/** Follows the states of all executions as they are entered and left; a state that is waited in again is one visit each time. */
export function followStates(states: StatesEngine, now: () => number, show: (visit: Visit) => void): Visit[] {
  const visits: Visit[] = [];
  states.on((event) => {
    if (event.kind !== 'history') return;
    const entered = event.event.stateEnteredEventDetails?.name;
    const exited = event.event.stateExitedEventDetails?.name;
    if (entered) {
      const visit = {
        name: entered,
        machine: machineOf(event.executionArn),
        enteredAt: now(),
        exitedAt: null,
      };
      visits.push(visit);
      show(visit);
    }
    if (exited) {
      const machine = machineOf(event.executionArn);
      const open = visits.findLast(
        (visit) => visit.name === exited && visit.machine === machine && visit.exitedAt === null,
      );
      if (open) open.exitedAt = now();
    }
  });
  return visits;
}

/** `arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME`, without what stands before the machine's name for its stage. */
function machineOf(executionArn: string): string {
  const name = executionArn.split(':')[6] ?? '';
  return name.endsWith('roll-back') ? 'roll-back' : 'blue-green-deployment';
}

/**
 * When the wait that a run is in ends at the latest, by what its machine has assigned last. Milliseconds since the epoch of the run's clock;
 * undefined where it does not wait.
 */
export function followDeadlines(states: StatesEngine): (visit: Visit | undefined) => number | undefined {
  const known = new Map<string, Record<string, string>>();
  states.on((event) => {
    if (event.kind !== 'history') return;
    const machine = machineOf(event.executionArn);
    known.set(machine, {
      ...known.get(machine),
      ...event.event.stateExitedEventDetails?.assignedVariables,
    });
  });
  return (visit) => (visit ? readDeadline(visit.name, known.get(visit.machine) ?? {}) : undefined);
}

/** @param variables each as JSON, as the history has it */
export function readDeadline(state: string, variables: Record<string, string>): number | undefined {
  const read = (name: string): unknown => JSON.parse(variables[name] ?? 'null');
  const until =
    state === 'Wait for approval'
      ? (read('window') as { approveBy?: string } | null)?.approveBy
      : state === 'Bake'
        ? read('bakeUntil')
        : state.startsWith('Wait ')
          ? read('deadline')
          : undefined;
  return typeof until === 'string' ? Date.parse(until) : undefined;
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
