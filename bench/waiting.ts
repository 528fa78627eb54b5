/**
 * What waiting costs and how late changes are seen, `npm run bench:waiting -- [--runs 40]`: history, money and calls of RDS of a run of 37 hours and of
 * one that waits 30 days for its window, and the distribution of reactions over `--runs` runs. Time is virtual, so the figures are of the
 * workflow and of no machine.
 */
import { parseArgs } from 'node:util';
import { median, percentile } from './statistics.ts';
import { type LongPlan, playLongRun } from './waiting/long-run.ts';
import { priceOfLoop, sumOf } from './waiting/prices.ts';
import { type Reaction, reactToAlarm, reactToGreen } from './waiting/reaction.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    /** Calls of RDS by function and operation, for the hours of the run of 37 hours that are named: `1,14`. */
    hours: { type: 'string' },
  },
});

const day: LongPlan = { build: 1, approval: 12, bake: 24, wayBack: false };
const plans: Record<string, LongPlan> = {
  '37 hours': day,
  '37 hours, way back': { ...day, wayBack: true },
  '30 days until the window': { build: 1, approval: 12, window: 720, bake: 24, wayBack: false },
};

const rows: Record<string, object> = {};
for (const [name, plan] of Object.entries(plans)) {
  const { hours, events, cost, usage, rdsCalls } = await playLongRun(plan);
  const loop = priceOfLoop(hours, 60);
  rows[name] = {
    hours: Math.round(hours),
    events,
    transitions: usage.transitions,
    invocations: usage.invocations,
    metrics: usage.metrics,
    USD: sumOf(cost).toFixed(4),
    states: cost.states.toFixed(4),
    functions: cost.functions.toFixed(4),
    CloudWatch: cost.cloudWatch.toFixed(4),
    'USD of a loop of 60 s': loop.usd.toFixed(3),
  };
  const perHour = rdsCalls.map((ofTheHour) => [...ofTheHour.values()].reduce((sum, calls) => sum + calls, 0));
  console.log(`${name}: calls of RDS an hour ${perHour.slice(0, 40).join(' ')}`);
  if (plan.wayBack)
    for (const index of (values.hours ?? '').split(',').filter(Boolean).map(Number))
      console.table(rdsCalls[index - 1]);
}
console.table(rows);

const runs = Number(values.runs);
console.table({
  'green ready, members settle after 1 to 10 min': describe(await reactToGreen(runs)),
  'alarm in the bake': describe(await reactToAlarm(runs)),
});

function describe({ ours, loop }: Reaction): object {
  return {
    'median s': median(ours),
    'p95 s': percentile(ours, 0.95),
    'most s': Math.max(...ours),
    'loop of 30 s: median': median(loop),
    p95: percentile(loop, 0.95),
  };
}
