import type { Run } from '../aws/step-functions/executions.ts';
import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { emitMetrics, type Metric, namespaceOf } from '../runtime/emf.ts';

/** Writes metrics of an execution: all as of its end, with its ARN for whoever reads the log. */
export type Measure = (metrics: Metric[], dimension?: Record<string, string>) => void;

/**
 * Counts an execution by how it ended.
 * @param count name of the metric
 * @returns what writes its other metrics
 */
export function measureEnd(stateMachineArn: string, run: Run, history: RunHistory, count: string): Measure {
  const measure: Measure = (metrics, dimension = {}) =>
    emitMetrics(namespaceOf(stateMachineArn), run.endedAt ?? 0, metrics, dimension, {
      execution: run.executionArn,
    });
  measure([{ name: count, value: 1, unit: 'Count' }], { End: nameStatus(run, history) });
  return measure;
}

const otherEnds: Record<string, string> = { ABORTED: 'Aborted', TIMED_OUT: 'Timed out' };

/** The end as metrics have it: the state, or what ended the execution without one. */
function nameStatus(run: Run, { entered }: RunHistory): string {
  return otherEnds[run.status] ?? entered.at(-1)?.state ?? 'Not known';
}
