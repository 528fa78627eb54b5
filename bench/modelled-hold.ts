/**
 * How long a run holds writes where AWS takes its time, `npm run bench:hold`. Nothing is measured of a machine: the clock is virtual, databases
 * answer at once, and what takes time is what the model says. So it shows what the workflow itself costs, which a scaled clock cannot show.
 */
import { parseArgs } from 'node:util';
import { defaultTimings } from '../packages/local-aws/rds/timings.ts';
import { awsLatency, tracedCompletion } from '../rehearsal/aws-latency.ts';
import { type HoldPlan, playGoingBack, playHold } from './hold/play.ts';
import { median } from './statistics.ts';

/** Seconds: as the local RDS does it by default, and as two public traces have it. */
const completions = [defaultTimings.finishSwitchover / 1_000, tracedCompletion, 130];

const { values } = parseArgs({
  options: {
    'no-latency': { type: 'boolean', default: false },
    /** Databases are not asked before RDS says that it is done. */
    late: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '10' },
  },
});

async function medianOf(
  play: (plan: HoldPlan) => Promise<number>,
  plan: Omit<HoldPlan, 'seed'>,
): Promise<string> {
  const found: number[] = [];
  for (let seed = 1; seed <= Number(values.rounds); seed += 1) found.push(await play({ ...plan, seed }));
  return `${Math.round(median(found))} ms`;
}

const rows = [];
for (const completionSeconds of completions)
  for (const hooks of [false, true]) {
    const latency = values['no-latency'] ? undefined : awsLatency;
    const plan = { completionSeconds, hooks, late: values.late, ...(latency && { latency }) };
    rows.push({
      endpoint: hooks ? 'hooks' : 'role gate',
      completion: `${completionSeconds} s`,
      'held beyond the cut': await medianOf(playHold, plan),
      'going back, beside the renames': await medianOf(playGoingBack, plan),
    });
  }
console.table(rows);
