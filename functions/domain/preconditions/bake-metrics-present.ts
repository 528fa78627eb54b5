import { whyNoBaseline } from '../bake/baseline.ts';
import { comparedMetrics } from '../bake/metrics.ts';
import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';

/** A metric that blue does not have cannot be compared. That stops no run, but its bake will not pass by itself. */
export const bakeMetricsPresent: Precondition = {
  id: 'bake-metrics-present',
  engines: 'all',
  looksAt: 'Whether CloudWatch has the metrics of `bake.metrics` for blue in the last hour.',
  check: ({ request, bakeMetrics }) => {
    const missing = comparedMetrics(request.bake).flatMap(({ name }) => {
      const because = whyNoBaseline(bakeMetrics.find((reading) => reading.name === name));
      return because === undefined ? [] : [`${name}: ${because}`];
    });
    if (missing.length === 0) return [];
    return [
      warning(
        `blue could not be measured now (${missing.join('; ')}). If it stays so until the cut the bake is undecided, and a person has to look at new production. See that the metrics are published, or take them out of bake.metrics.`,
      ),
    ];
  },
};
