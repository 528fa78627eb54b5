import type { Run } from '../aws/step-functions/executions.ts';
import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { resumingStates, stopsWrites } from '../domain/model/hook-states.ts';
import type { RunState, StateName } from '../domain/model/states.ts';
import type { Metric } from '../runtime/emf.ts';
import { measureEnd } from './execution-metrics.ts';

/** A phase begins when one of its states is entered for the first time. */
const phases = [
  ['Accept', ['Accept the request']],
  ['Build', ['Create green']],
  ['Hold', ['Find the next window']],
  ['Cut', ['Stop writes', 'Stop writes and wait for the answer', 'Start switchover']],
  ['Prove', ['Verify production']],
  ['Close', ['Release the deployment record']],
] as const satisfies [string, RunState[]][];

/** Writes how a run ended, how long its phases took, the gap of the cut and the lag before it. */
export function measureRun(stateMachineArn: string, run: Run, history: RunHistory): void {
  const measure = measureEnd(stateMachineArn, run, history, 'Runs');
  for (const { phase, seconds } of measurePhases(history, run))
    measure([{ name: 'PhaseSeconds', value: seconds, unit: 'Seconds' }], { Phase: phase });
  measure([...measureGap(history), ...measureLag(history)]);
}

/** Phases that were gone through: one that a run never left says nothing about how long it takes. */
export function measurePhases({ entered }: RunHistory, run: Run): { phase: string; seconds: number }[] {
  const begun = phases
    .map(([phase, states]) => ({
      phase,
      at: entered.find(({ state }) => (states as readonly StateName[]).includes(state))?.at,
    }))
    .filter((one): one is { phase: (typeof phases)[number][0]; at: number } => one.at !== undefined);
  return begun.flatMap(({ phase, at }, index) => {
    const until =
      begun[index + 1]?.at ?? (phase === 'Close' && run.status === 'SUCCEEDED' ? run.endedAt : undefined);
    return until === undefined ? [] : [{ phase, seconds: (until - at) / 1000 }];
  });
}

/**
 * The longest time in which writes can have failed: from the first step of the cut to the proof of the side that serves, or
 * to the end of the hold when a hook held the writes. A client sees less; the run cannot see what a client sees.
 */
export function measureGap({ entered, answered }: RunHistory): Metric[] {
  const begin = entered.find(({ state }) => stopsWrites(state) || state === 'Start switchover')?.at;
  const resumed = Math.max(...resumingStates.map((state) => answered.get(state) ?? 0));
  const end = resumed || answered.get('Find production side');
  const cut = entered.some(({ state }) => state === 'Verify production');
  return cut && begin !== undefined && end !== undefined
    ? [{ name: 'WriteGapSeconds', value: (end - begin) / 1000, unit: 'Seconds' }]
    : [];
}

function measureLag({ beforeCut }: RunHistory): Metric[] {
  const lag = beforeCut?.lag;
  const value = lag?.points[0]?.value;
  return lag && value !== undefined ? [{ name: `Lag${lag.unit}`, value, unit: lag.unit }] : [];
}
