import { readMetricsOfSide } from '../aws/read-bake-metrics.ts';
import { type Baseline, baselineWindow, judgeBaseline } from '../domain/baseline.ts';
import { comparedMetrics } from '../domain/compared-metrics.ts';
import { clock } from '../runtime/clock.ts';
import type { RunEvent } from '../runtime/run-event.ts';
import { task } from '../runtime/task.ts';

/** Measures blue for the comparison of the bake. What cannot be read is noted as missing, and stops nothing. */
export const handler = task('Take the baseline', async (event: RunEvent): Promise<Baseline> => {
  const { request, deployment } = event;
  const metrics = comparedMetrics(request.bake);
  const now = clock.now();
  const { database, blue } = deployment;
  return judgeBaseline(
    metrics,
    await readMetricsOfSide(database.kind, blue, metrics, baselineWindow(now)),
    now,
  );
});
