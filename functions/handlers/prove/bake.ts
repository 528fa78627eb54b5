import { readAlarms } from '../../aws/cloudwatch/alarms.ts';
import { readMetricsOfSide } from '../../aws/facts/bake-metrics.ts';
import { showsMark } from '../../aws/facts/roll-back-mark.ts';
import { findGoingBack } from '../../aws/facts/roll-backs.ts';
import { orUnreadable } from '../../aws/readings.ts';
import type { WaitingWayBackEvent } from '../../databases/question.ts';
import { placesToWatch, type Watched, watchWayBack } from '../../databases/watch.ts';
import type { Baseline, MetricReading } from '../../domain/bake/baseline.ts';
import { lookBack } from '../../domain/bake/metric-verdict.ts';
import { comparedMetrics } from '../../domain/bake/metrics.ts';
import { type BakeVerdict, type Compared, judgeBake } from '../../domain/bake/verdict.ts';
import { TestFailed } from '../../domain/model/errors.ts';
import { isLastLook, isLookAtRds } from '../../domain/model/tick.ts';
import { clock } from '../../runtime/clock.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingWayBackEvent {
  baseline: Baseline;
  /** ISO times: the bake, and until when its end may be waited for. */
  bakeSince: string;
  bakeUntil: string;
  deadline: string;
}

/** What the bake found: it passed, it cannot be decided, or the way back wants something of the run. */
type Found = { over: true; compared: Compared } | { undecided: string; compared: Compared } | Watched;

/**
 * Watches the alarms of the request and compares new production with the baseline until the bake is over, and watches the way back as
 * long as it is open. What cannot be read is not healthy.
 */
export const handler = wait('Bake', async (event: Event): Promise<Look<Found>> => {
  const asksRds = isAboutRds(event);
  // Begun side by side, so that RDS is asked once for all three.
  const places = asksRds ? placesToWatch(event) : undefined;
  const [marked, verdict] = await Promise.all([
    asksRds && event.wayBack.attached && showsMark(event.deployment),
    judge(event, asksRds),
  ]);
  // What is to be said may come of going back, so that is looked at first.
  const first = marked || verdict.kind !== 'not-yet' ? await lookForGoingBack(event) : undefined;
  if (first) return first;
  if (verdict.kind === 'fail') throw new TestFailed(verdict.because);
  if (verdict.kind === 'pass') return { kind: 'ready', facts: { over: true, compared: verdict.compared } };
  if (verdict.kind === 'undecided')
    return { kind: 'ready', facts: { undecided: verdict.because, compared: verdict.compared } };
  const watched = await watchWayBack(event, places);
  if (!watched) return verdict;
  return (await lookForGoingBack(event)) ?? { kind: 'ready', facts: watched };
});

/** A stream that was in doubt is looked at each time, until it is well or broken; and what ends a bake is read anew. */
function isAboutRds({ wayBack, ...event }: Event): boolean {
  const { since, until, deadline } = timesOf(event);
  const now = clock.now();
  const inDoubt = typeof wayBack.doubtSince === 'number';
  return inDoubt || now >= until || isLookAtRds(now, { since, deadline }, until);
}

async function lookForGoingBack({
  wayBack,
  deployment,
  executionArn,
}: Event): Promise<Look<Found> | undefined> {
  const goingBack = wayBack.attached ? await findGoingBack(deployment, executionArn) : undefined;
  return goingBack === undefined ? undefined : { kind: 'ready', facts: { goingBack } };
}

async function judge(event: Event, isFresh: boolean): Promise<BakeVerdict> {
  const { bake } = event.request;
  const now = clock.now();
  const { since, until, deadline } = timesOf(event);
  const time = { since: Math.max(since, now - lookBack({ until, now })), until, now };
  const [alarms, metrics] = await Promise.all([
    readAlarms(bake.alarms),
    readMetricsNow(event, { ...time, isFresh }),
  ]);
  return judgeBake({
    bake,
    alarms,
    baseline: event.baseline,
    metrics,
    time,
    isLast: isLastLook(now, { since, deadline }, until),
  });
}

/** Milliseconds. */
function timesOf(event: Pick<Event, 'bakeSince' | 'bakeUntil' | 'deadline'>) {
  return {
    since: Date.parse(event.bakeSince),
    until: Date.parse(event.bakeUntil),
    deadline: Date.parse(event.deadline),
  };
}

/** A CloudWatch that is too busy is an unreadable one here: the next look asks again, and the last one has to say why. */
async function readMetricsNow(
  { request, deployment: { database, green } }: Event,
  { since, now, isFresh }: { since: number; now: number; isFresh: boolean },
): Promise<MetricReading[]> {
  const metrics = comparedMetrics(request.bake);
  if (!green) return [];
  const found = await orUnreadable(
    readMetricsOfSide(database.kind, green, metrics, { since, until: now }, { isFresh }),
  );
  return 'value' in found ? found.value : metrics.map(({ name }) => ({ name, seen: found }));
}
