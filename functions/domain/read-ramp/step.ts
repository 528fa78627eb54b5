import { type Baseline, judgeBaseline, type MetricReading } from '../bake/baseline.ts';
import type { Point } from '../bake/metrics.ts';
import type { BakeVerdict, Compared } from '../bake/verdict.ts';
import type { Verdict } from '../model/deployment.ts';
import { type NotYet, notYet } from '../model/not-yet.ts';
import { isRead, read, unreadable } from '../model/reading.ts';
import type { BakeMetric } from '../request/metric.ts';

const minute = 60_000;

/** Route 53 answers a change everywhere mostly within a minute (Developer Guide, "Routing traffic"). Milliseconds. */
export const propagation = minute;
/** So long after a step its last points may come: RDS publishes one a minute, and CloudWatch shows it some minutes later. Milliseconds. */
const late = 10 * minute;

/** `$reads` of the run: which share of the readers leads to green, and since when. */
export interface Reads {
  /** Place in `readRamp.steps`, from 0. */
  step: number;
  /** A change that leads readers to green was begun, and it is not proved that all are back. */
  led: boolean;
  /** No step is to come. */
  over: boolean;
  /** Of a hundred new connections so many lead to green. */
  percent: number;
  /** Id of the change of Route 53; null: nothing was to be changed. */
  change: string | null;
  ttlSeconds: number;
  /** ISO time: when the first step began. */
  begunAt: string;
  /** ISO times: when the change was made, from when on the step counts, until when, and until when its last points are waited for. */
  at: string;
  since: string;
  until: string;
  deadline: string;
  /** On the way back: until when readers may hold an answer that leads to green; null while not every name server answers the change. */
  staleUntil: string | null;
  /** Every reader is back: the record was read, every name server answers it, and the time to live has passed. */
  back: boolean;
  /** Why a step was not good. */
  bad?: string;
}

/** The times of a step that is made now. @param now milliseconds since the epoch */
export function timesOfStep(
  minutesEach: number,
  ttlSeconds: number,
  now: number,
): Pick<Reads, 'at' | 'since' | 'until' | 'deadline'> {
  const since = now + propagation + ttlSeconds * 1_000;
  const until = since + minutesEach * minute;
  const iso = (time: number) => new Date(time).toISOString();
  return { at: iso(now), since: iso(since), until: iso(until), deadline: iso(until + late) };
}

/** What all steps need at the most in a window, and the way back after them. Milliseconds. */
export function roomForSteps({ steps, minutesEach }: { steps: number[]; minutesEach: number }): number {
  return steps.length * (minutesEach * minute + propagation + longestTtl * 1_000 + late) + 5 * minute;
}

/** Readers may come to the wrong side for as long as this. Seconds. */
export const longestTtl = 60;

/**
 * What is usual on blue for a reader: the milder of its figures of the same minutes and of the hour before the first step. Those of the same
 * minutes alone would not do: the more readers have left, the less blue has to do.
 */
export function usualOfBlue(
  metrics: BakeMetric[],
  before: MetricReading[],
  meanwhile: MetricReading[],
  now: number,
): Baseline {
  const first = judgeBaseline(metrics, before, now);
  const second = judgeBaseline(metrics, meanwhile, now);
  const usual: Baseline['usual'] = {};
  for (const { name, worse } of metrics) {
    const known = [first.usual[name], second.usual[name]].filter((one) => one !== undefined);
    const [mildest] = known.toSorted((a, b) => (worse === 'higher' ? b.value - a.value : a.value - b.value));
    if (mildest) usual[name] = mildest;
  }
  return { ...first, usual };
}

/** One reading of several databases: of each minute the worst. What cannot be read of one is not known. */
export function worstOf(
  { name, worse }: Pick<BakeMetric, 'name' | 'worse'>,
  readings: MetricReading[],
): MetricReading {
  const minutes = new Map<number, number>();
  for (const { seen } of readings) {
    if (!isRead(seen)) return { name, seen: unreadable(seen.unreadable) };
    for (const { at, value } of seen.value) {
      const known = minutes.get(at) ?? value;
      minutes.set(at, worse === 'higher' ? Math.max(known, value) : Math.min(known, value));
    }
  }
  return { name, seen: read([...minutes].map(([at, value]): Point => ({ at, value }))) };
}

/** What a look at a step has to go by. */
export interface StepFacts {
  /** The comparison of green with blue, and the alarms. */
  compared: BakeVerdict;
  /** Whether rows that readers see on green are no older than the request allows. */
  lag: Verdict<unknown>;
  /** Why rows are older than that by the newest point; undefined: they are not, or it is not known. */
  tooOld: string | undefined;
  /** Whether green is ready with all its members. */
  green: Verdict<unknown>;
  /** Every name server answers the change. */
  inSync: boolean;
  /** No other look comes before the time is up. */
  isLast: boolean;
}

export type StepVerdict = { kind: 'good'; compared: Compared } | { kind: 'bad'; because: string } | NotYet;

/** Whether green stands the readers that it has. What is not known when the time is up is bad: readers go back. */
export function judgeStep({ compared, lag, tooOld, green, inSync, isLast }: StepFacts): StepVerdict {
  const bad = [
    green.kind === 'no' ? green.because : undefined,
    tooOld,
    compared.kind === 'fail' ? compared.because : undefined,
  ].filter((one) => one !== undefined);
  if (bad.length > 0) return { kind: 'bad', because: bad.join('; ') };
  const open = [
    ...(inSync ? [] : ['not every name server answers the change yet']),
    ...[green, lag].flatMap((one) => (one.kind === 'ready' ? [] : [one.because])),
    ...(compared.kind === 'pass' ? [] : [compared.because]),
  ];
  if (open.length === 0 && compared.kind === 'pass') return { kind: 'good', compared: compared.compared };
  const because = open.join('; ');
  return isLast || compared.kind === 'undecided'
    ? { kind: 'bad', because: `it is not known whether green stands its readers: ${because}` }
    : notYet(because, null);
}
