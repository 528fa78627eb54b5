import { median, percentile } from '../statistics.ts';
import { type LongPlan, type LongRun, playLongRun } from '../waiting/long-run.ts';
import { priceOfLoop, sumOf } from '../waiting/prices.ts';
import { type Reaction, reactToAlarm, reactToGreen } from '../waiting/reaction.ts';
import type { GoalRow } from './goal.ts';

/** Of Step Functions: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const historyLimit = 25_000;
const goals = { usd: 0.025, share: 0.5, callsAnHour: 15, p95: 30, p95Event: 5 };
const reactions = 40;
/** Hours of the build and of people. */
const first: Pick<LongPlan, 'build' | 'approval'> = { build: 1, approval: 12 };
/** The same where calls are counted by the hour: in the first of two hours of a build nothing happens after its begin. */
const asked = { ...first, build: 2 };

/** What waiting costs and how late changes are seen, in virtual time. */
export async function waitingRows(): Promise<GoalRow[]> {
  const day = await playLongRun({ ...first, bake: 24, wayBack: false });
  const back = await playLongRun({ ...asked, bake: 24, wayBack: true });
  const month = await playLongRun({ ...first, window: 720, bake: 24, wayBack: false });
  return [
    costRow('37 hours', day),
    historyRow(month),
    ...callRows(back),
    reactionRow('green that settles after its event', await reactToGreen(reactions), goals.p95),
    reactionRow('an alarm in the bake', await reactToAlarm(reactions), goals.p95Event),
  ];
}

function costRow(what: string, { hours, events, cost }: LongRun): GoalRow {
  const usd = sumOf(cost);
  return {
    goal: `a run of ${what}: ${goals.usd} USD`,
    figure: `${usd.toFixed(4)} USD, ${events} events`,
    baseline: `${priceOfLoop(hours, 60).usd.toFixed(3)} USD as a loop of 60 s`,
    met: usd <= goals.usd,
  };
}

function historyRow({ hours, events, cost }: LongRun): GoalRow {
  const share = events / historyLimit;
  return {
    goal: `30 days until the window: under ${100 * goals.share} % of the history`,
    figure: `${(100 * share).toFixed(1)} %, ${sumOf(cost).toFixed(4)} USD`,
    baseline: `${Math.round((100 * priceOfLoop(hours, 60).events) / historyLimit)} % as a loop of 60 s`,
    met: share < goals.share,
  };
}

/** Keys by which the local AWS knows the calls of "Wait for green" and of "Bake". */
const keys = { green: 'ASIAWAITFORGREEN', bake: 'ASIABAKE' };

/** Hours of the run with a way back. Work is done in five of them: the begin, the end of the build and what follows it, the cut, and the end. */
function callRows({ rdsCalls }: LongRun): GoalRow[] {
  const of = (hour: number, key = '') =>
    [...(rdsCalls[hour] ?? new Map<string, number>())]
      .filter(([name]) => name.startsWith(key))
      .reduce((sum, [, calls]) => sum + calls, 0);
  const cut = Math.floor(asked.build + asked.approval);
  const [ofGreen, ofBake] = [of(0, keys.green), of(cut, keys.bake)];
  const atWork = [0, asked.build - 1, asked.build, cut, rdsCalls.length - 1];
  const waiting = rdsCalls.map((_, hour) => hour).filter((hour) => !atWork.includes(hour));
  const most = waiting.reduce((worst, hour) => (of(hour) > of(worst) ? hour : worst));
  return [
    {
      goal: `calls of RDS in an hour that only waits: ${goals.callsAnHour}`,
      figure: `${of(most)} in hour ${most + 1}, the worst`,
      baseline: '60 as a loop of 60 s',
      met: of(most) <= goals.callsAnHour,
    },
    {
      goal: `calls of RDS in the first hour of a build, while it waits: ${goals.callsAnHour}`,
      figure: `${ofGreen}, beside ${of(0) - ofGreen} of preconditions and begin`,
      baseline: '60 as a loop of 60 s',
      met: ofGreen <= goals.callsAnHour,
    },
    {
      goal: `calls of RDS in the first hour of a bake, while it waits: ${goals.callsAnHour}`,
      figure: `${ofBake}, beside ${of(cut) - ofBake} of the cut`,
      baseline: '60 as a loop of 60 s',
      met: ofBake <= goals.callsAnHour,
    },
  ];
}

function reactionRow(what: string, { ours, loop }: Reaction, seconds: number): GoalRow {
  const p95 = percentile(ours, 0.95);
  return {
    goal: `${what} is seen within ${seconds} s, p95`,
    figure: `${p95.toFixed(1)} s, median ${median(ours).toFixed(1)} s`,
    baseline: `${percentile(loop, 0.95).toFixed(1)} s as a loop of 30 s`,
    met: p95 <= seconds,
  };
}
