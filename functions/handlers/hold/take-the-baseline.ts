import { readMetricsOfSide } from '../../aws/facts/bake-metrics.ts';
import { type Baseline, baselineWindow, judgeBaseline } from '../../domain/bake/baseline.ts';
import { comparedMetrics } from '../../domain/bake/metrics.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

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
