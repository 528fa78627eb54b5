import { awsLatency, tracedCompletion } from '../../rehearsal/aws-latency.ts';
import { type HoldPlan, playGoingBack, playHold } from '../hold/play.ts';
import { median } from '../statistics.ts';
import type { GoalRow } from './goal.ts';

/** Seconds. */
const goals = { cut: 2, back: 1.5 };
const rounds = 5;

const hookIsCold = "the user's hook is cold there, 0.6 s in the model, and only the user can warm it";

/** How long writes are held with AWS modelled, in virtual time. */
export async function holdRows(): Promise<GoalRow[]> {
  const rows: GoalRow[] = [];
  for (const hooks of [false, true]) {
    const plan = { completionSeconds: tracedCompletion, hooks, latency: awsLatency };
    const by = hooks ? 'hooks' : 'role gate';
    const late = await playHold({ ...plan, seed: 1, late: true });
    const held = await medianOf(playHold, plan);
    rows.push({
      goal: `hold to release, ${by}: RDS's own cut + ${goals.cut} s`,
      figure: `+ ${inSeconds(held)}`,
      baseline: `+ ${inSeconds(late)} when RDS is waited for`,
      met: held <= 1_000 * goals.cut,
    });
    const back = await medianOf(playGoingBack, plan);
    const alone = await medianOf(playGoingBack, { ...plan, latency: undefined });
    rows.push({
      goal: `going back, ${by}: ${goals.back} s beside the renames`,
      figure: inSeconds(back),
      baseline: `${inSeconds(alone)} without the model of AWS`,
      met: back <= 1_000 * goals.back,
      because: hookIsCold,
    });
  }
  return rows;
}

async function medianOf(
  play: (plan: HoldPlan) => Promise<number>,
  plan: Omit<HoldPlan, 'seed'>,
): Promise<number> {
  const found: number[] = [];
  for (let seed = 1; seed <= rounds; seed += 1) found.push(await play({ ...plan, seed }));
  return median(found);
}

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
