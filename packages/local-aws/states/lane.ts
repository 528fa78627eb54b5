import type { HistoryEventType } from '@aws-sdk/client-sfn';
import { type Cancellation, Cancelled } from './cancellation.ts';
import { choose } from './choice.ts';
import type { State } from './definition.ts';
import { StateError } from './errors.ts';
import { guarded } from './guard.ts';
import { whole } from './history.ts';
import { mapItems } from './map.ts';
import { runBranches } from './parallel.ts';
import type { Run } from './run.ts';
import type { Lane } from './running-lane.ts';
import { fail, pass, succeed, wait } from './simple.ts';
import { runTask } from './task.ts';
import { type Step, Visit } from './visit.ts';

/** Runs the states of a lane, from where it stands, to its end. */
export async function follow(run: Run, lane: Lane, cancellation: Cancellation): Promise<void> {
  while (lane.result === undefined) {
    cancellation.check();
    if (run.transitionMs > 0)
      await cancellation.wait<void>((resolve) => run.clock.after(run.transitionMs, resolve));
    const visit = enter(run, lane, cancellation);
    try {
      leave(visit, await live(visit));
    } catch (error) {
      abort(visit, error);
      throw error;
    }
  }
}

/** Enters the state at which the lane stands. A redriven state goes on with its stay, but Fail is entered anew. */
function enter(run: Run, lane: Lane, cancellation: Cancellation): Visit {
  const state = lane.flow.States[lane.at];
  if (state === undefined) throw new StateError('States.Runtime', `There is no state '${lane.at}'.`);
  run.countTransition();
  if (lane.stay === undefined || state.Type === 'Fail') {
    const details = { name: lane.at, input: JSON.stringify(lane.input), inputDetails: whole };
    const type: HistoryEventType = `${state.Type}StateEntered`;
    lane.lastEvent = run.history.add(type, previousOfEntered(lane), { stateEnteredEventDetails: details });
    lane.stay = { event: lane.lastEvent, time: run.clock.now() };
  }
  return new Visit(run, lane, state, cancellation, lane.stay);
}

/** In the service the first state's event does not point to ExecutionStarted, which is event 1, but to 0. */
function previousOfEntered(lane: Lane): number {
  return lane.lastEvent === 1 ? 0 : lane.lastEvent;
}

function live(visit: Visit): Promise<Step> {
  const { state } = visit;
  switch (state.Type) {
    case 'Task':
      return guarded(visit as Visit<typeof state>, runTask);
    case 'Parallel':
      return guarded(visit as Visit<typeof state>, runBranches);
    case 'Map':
      return guarded(visit as Visit<typeof state>, mapItems);
    case 'Choice':
      return choose(visit as Visit<typeof state>);
    case 'Pass':
      return pass(visit as Visit<typeof state>);
    case 'Wait':
      return wait(visit as Visit<typeof state>);
    case 'Succeed':
      return succeed(visit as Visit<typeof state>);
    case 'Fail':
      return fail(visit as Visit<typeof state>);
  }
}

function leave(visit: Visit, step: Step): void {
  const { lane, name, state } = visit;
  const assigned = Object.entries(step.assign).map(([key, value]) => [key, JSON.stringify(value)]);
  const type = `${state.Type}StateExited` as HistoryEventType;
  visit.record(type, {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(step.output),
      outputDetails: whole,
      ...(assigned.length > 0
        ? { assignedVariables: Object.fromEntries(assigned), assignedVariablesDetails: whole }
        : {}),
    },
  });
  lane.scope.assign(step.assign);
  lane.stay = undefined;
  lane.inner = undefined;
  if (step.next === undefined) {
    lane.result = { output: step.output };
    return;
  }
  lane.at = step.next;
  lane.input = step.output;
}

const abortable: readonly State['Type'][] = ['Task', 'Parallel', 'Map', 'Wait'];

/** Records that a state was left without its end: it was called off, or it is a task whose error ends a branch. */
function abort(visit: Visit, error: unknown): void {
  const { lane, run, state } = visit;
  const ends =
    error instanceof Cancelled || (lane.isInner && state.Type === 'Task' && error instanceof StateError);
  if (!ends || !abortable.includes(state.Type) || !run.history.open) return;
  lane.lastEvent = run.history.add(`${state.Type}StateAborted` as HistoryEventType, lane.lastEvent);
}
