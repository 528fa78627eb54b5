import type { Run } from '../aws/step-functions/executions.ts';
import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { type EndName, isEndName } from '../domain/model/ends.ts';
import { type ErrorName, raisedElsewhere } from '../domain/model/errors.ts';
import type { Failure } from '../domain/model/failure.ts';
import { resumesWrites, stopsWrites } from '../domain/model/hook-states.ts';
import type { StateName } from '../domain/model/states.ts';

/** Whether the run has announced its end itself, after it had read what was true. */
export function hasReported({ answered }: RunHistory): boolean {
  return answered.has('Record outcome') && answered.has('Notify');
}

/** How far a run got, as far as it matters to what may be wrong now. */
export type Progress = 'nothing created' | 'before the cut' | 'cut';

export function findProgress({ entered }: RunHistory): Progress {
  const has = (name: StateName) => entered.some(({ state }) => state === name);
  if (has('Start switchover')) return 'cut';
  return has('Create green') ? 'before the cut' : 'nothing created';
}

/** The end that a run reached well and could not tell; undefined for every other. */
export function reachedEnd(run: Run, { entered }: RunHistory): EndName | undefined {
  const last = entered.at(-1)?.state;
  return run.status === 'SUCCEEDED' && isEndName(last) ? last : undefined;
}

/** The end whose words fit a run that stopped without one. `side` is proved now, or unknown. */
export function nameEnd(progress: Progress, side: 'blue' | 'green' | 'unknown'): EndName {
  if (progress === 'nothing created') return 'Refused: nothing was changed';
  if (progress === 'before the cut')
    return side === 'blue'
      ? 'Stopped before switchover: blue serves production'
      : 'Outcome unknown: look before any retry';
  switch (side) {
    case 'blue':
      return 'Switchover rolled back: blue serves production';
    case 'green':
      return 'Green serves production, clean-up incomplete';
    case 'unknown':
      return 'Outcome unknown: look before any retry';
  }
}

/** What ended the run: its own first error, or a person, or its time limit. */
export function nameFailure(run: Run, { known, entered }: RunHistory): Failure {
  if (known.failure) return known.failure;
  const state = entered.at(-1)?.state ?? 'Accept the request';
  const said = run.cause ? `: ${run.cause}` : '';
  switch (run.status) {
    case 'ABORTED':
      return {
        state,
        error: raisedElsewhere.stopRequested,
        cause: `the execution was stopped in this state${said}`,
      };
    case 'TIMED_OUT':
      return { state, error: 'States.Timeout', cause: `the time limit of the whole run passed${said}` };
    default:
      return {
        state,
        error: run.error ?? ('BlueGreen.UnexpectedState' satisfies ErrorName),
        cause: run.cause ?? 'Step Functions names no reason',
      };
  }
}

/** What only a stopped run leaves behind: writes that a hook still holds. */
export function findHeldWrites({ entered, answered }: RunHistory): string[] {
  const held = entered.some(({ state }) => stopsWrites(state));
  const resumed = [...answered.keys()].some(resumesWrites);
  return held && !resumed
    ? ['Your stopWrites hook was called and resumeWrites has not answered: writes may still be held.']
    : [];
}
