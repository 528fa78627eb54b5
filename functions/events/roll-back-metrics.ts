import type { Run } from '../aws/step-functions/executions.ts';
import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { resumingStates, stopsWrites } from '../domain/model/hook-states.ts';
import type { RollBackState } from '../domain/model/states.ts';
import { measureEnd } from './execution-metrics.ts';

/** Writes how an execution that goes back has ended, and how long nobody can have written. */
export function measureRollBack(stateMachineArn: string, run: Run, history: RunHistory): void {
  const measure = measureEnd(stateMachineArn, run, history, 'Returns');
  const seconds = measureRollBackGap(history);
  if (seconds !== undefined) measure([{ name: 'ReturnGapSeconds', value: seconds, unit: 'Seconds' }]);
}

const opening: readonly RollBackState[] = [
  'Open blue for writes',
  'Stay on new production',
  ...resumingStates,
];

/** From the first step that holds writes to the side that took them again. Undefined: no side was opened. */
export function measureRollBackGap({ entered, answered }: RunHistory): number | undefined {
  const begin = entered.find(({ state }) => stopsWrites(state) || state === 'Fence new production')?.at;
  const opened = Math.max(...opening.map((state) => answered.get(state) ?? 0));
  return begin === undefined || opened === 0 ? undefined : (opened - begin) / 1000;
}
