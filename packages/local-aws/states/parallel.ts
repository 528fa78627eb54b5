import type { ParallelState } from './definition.ts';
import { StateError } from './errors.ts';
import { runInner } from './inner.ts';
import { Lane } from './running-lane.ts';
import type { Step, Visit } from './visit.ts';

/** Parallel: every branch gets the same input; the result is the list of their outputs. */
export async function runBranches(visit: Visit<ParallelState>): Promise<Step> {
  const { state, lane, run } = visit;
  const lanes = lane.inner ?? (await begin(visit));
  try {
    const result = await runInner(visit, lanes, lanes.length, (branch, cancellation) =>
      run.follow(branch, cancellation),
    );
    visit.record('ParallelStateSucceeded');
    return await visit.step(state, state.Next, result, { result });
  } catch (error) {
    if (error instanceof StateError && lanes.some((branch) => branch.result === undefined)) {
      visit.record('ParallelStateFailed');
    }
    throw error;
  }
}

async function begin(visit: Visit<ParallelState>): Promise<Lane[]> {
  const { state, lane } = visit;
  const input =
    state.Arguments === undefined ? visit.input : await visit.evaluate(state.Arguments, 'Arguments');
  visit.limit(input, 'input of the branches');
  const started = visit.record('ParallelStateStarted');
  lane.inner = state.Branches.map((branch) => new Lane(branch, input, started, lane));
  return lane.inner;
}
