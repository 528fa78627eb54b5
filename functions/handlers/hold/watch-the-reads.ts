import { readAlarms } from '../../aws/cloudwatch/alarms.ts';
import { readLag } from '../../aws/cloudwatch/lag.ts';
import { readMetricsOfReaders } from '../../aws/facts/reader-metrics.ts';
import { readReadiness } from '../../aws/facts/readiness.ts';
import { readReaderHosts } from '../../aws/rds/readers.ts';
import { readReads } from '../../aws/route53/reads.ts';
import { isInSync } from '../../aws/route53/records.ts';
import { baselineWindow } from '../../domain/bake/baseline.ts';
import { type Compared, judgeBake } from '../../domain/bake/verdict.ts';
import { findTooOld, judgeLag } from '../../domain/hold/lag.ts';
import type { Side } from '../../domain/model/deployment.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { isLastLook } from '../../domain/model/tick.ts';
import { findStranger, readsRecordOf, shareOf } from '../../domain/read-ramp/record.ts';
import { judgeStep, type Reads, type StepVerdict, usualOfBlue } from '../../domain/read-ramp/step.ts';
import { plainName } from '../../domain/way-back/address.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  reads: Reads;
}

/** Of a step what came of it; on the way back until when old answers live, and then that every reader is back. */
type Found =
  | { compared: Compared }
  | { bad: string }
  | Pick<Reads, 'staleUntil'>
  | Pick<Reads, 'back' | 'led'>;

/** Compares green with blue while a share of the readers is there, or looks whether all of them are back. */
export const handler = wait('Watch the reads', async (event: Event): Promise<Look<Found>> => {
  const { reads } = event;
  const [record, inSync] = await Promise.all([
    lookAtRecord(event),
    reads.change === null ? true : isInSync(reads.change),
  ]);
  if (reads.percent === 0) return lookWhetherBack(reads, record, inSync);
  if (record.stranger) throw new UnexpectedState(`${record.stranger}: somebody else has changed it`);
  const verdict = await judge(event, inSync);
  if (verdict.kind === 'not-yet') return verdict;
  return {
    kind: 'ready',
    facts: verdict.kind === 'bad' ? { bad: verdict.because } : { compared: verdict.compared },
  };
});

interface RecordLook {
  stranger: string | undefined;
  /** Of a hundred new connections so many lead to green. */
  toGreen: number;
}

async function lookAtRecord({ request, deployment }: Event): Promise<RecordLook> {
  const record = readsRecordOf(request);
  if (!record) throw new UnexpectedState('the request names no record by which readers come');
  const [seen, hosts] = await Promise.all([readReads(record), readReaderHosts(deployment)]);
  return {
    stranger: findStranger(plainName(record.recordName), seen, hosts),
    toGreen: shareOf(seen, hosts.green),
  };
}

function lookWhetherBack(reads: Reads, { toGreen }: RecordLook, inSync: boolean): Look<Found> {
  if (toGreen > 0) throw new UnexpectedState(`somebody has led ${toGreen} % of the readers to green again`);
  const byHand = 'look at the record in Route 53; it may be led to blue by hand as well';
  if (!inSync) return notYet(`not every name server answers the change ${reads.change} yet`, byHand);
  const { staleUntil, ttlSeconds } = reads;
  // An old answer may have been given just before this look.
  if (staleUntil === null) {
    const until = new Date(clock.now() + ttlSeconds * 1_000).toISOString();
    return { kind: 'ready', facts: { staleUntil: until } };
  }
  return clock.now() >= Date.parse(staleUntil)
    ? { kind: 'ready', facts: { back: true, led: false } }
    : notYet(`readers may hold an answer that leads to green until ${staleUntil}`, null);
}

async function judge(event: Event, inSync: boolean): Promise<StepVerdict> {
  const { request, deployment, reads } = event;
  const now = clock.now();
  const { alarms = [] } = request.readRamp ?? {};
  const readiness = await readReadiness(event, now);
  const { blue, green = blue } = readiness.kind === 'ready' ? readiness.facts : deployment;
  const [lag, seen, metrics] = await Promise.all([
    readLag(deployment, { blue, green }, now),
    readAlarms(alarms),
    compareReaders(event, { blue, green }, now),
  ]);
  const [at, since, until, deadline] = [reads.at, reads.since, reads.until, reads.deadline].map(
    Date.parse,
  ) as [number, number, number, number];
  const isLast = isLastLook(now, { since: at, deadline }, until);
  return judgeStep({
    compared: judgeBake({
      bake: { minutes: (until - since) / 60_000, alarms, metrics: request.readRamp?.metrics ?? [] },
      alarms: seen,
      ...metrics,
      time: { since, until, now },
      isLast,
    }),
    lag: judgeLag(lag, request.lag, now),
    tooOld: findTooOld(lag, request.lag),
    green: readiness,
    inSync,
    isLast,
  });
}

/** Green's figures since the step, and what is usual on blue. */
async function compareReaders(
  { request, deployment: { database }, reads }: Event,
  { blue, green }: { blue: Side; green: Side },
  now: number,
) {
  const { metrics = [] } = request.readRamp ?? {};
  const since = Date.parse(reads.since);
  // CloudWatch refuses a time that ends before it begins.
  const meanwhile = { since: Math.min(since, now - 60_000), until: now };
  const [before, ofBlue, ofGreen] = await Promise.all([
    readMetricsOfReaders(database.kind, blue, metrics, baselineWindow(Date.parse(reads.begunAt))),
    readMetricsOfReaders(database.kind, blue, metrics, meanwhile),
    readMetricsOfReaders(database.kind, green, metrics, meanwhile),
  ]);
  return { baseline: usualOfBlue(metrics, before, ofBlue, now), metrics: ofGreen };
}
