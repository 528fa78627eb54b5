import { type Failure, isError, isUndecidedBake, messageOf } from '../model/failure.ts';
import type { Request } from '../request/request.ts';
import type { Baseline } from './baseline.ts';
import { comparedMetrics, showValue } from './metrics.ts';
import type { Compared } from './verdict.ts';

/** `$baked` of the run: the last word of a bake that did not fail; empty before. */
export type Baked = { compared?: Compared; over?: true; undecided?: string };

/** What is recorded of a bake. */
export interface BakeReport {
  /** Null where no bake came to an end: the run stopped before, or somebody stopped it. */
  verdict: 'pass' | 'fail' | 'undecided' | null;
  because: string | null;
  baseline: Baseline | null;
  /** Empty where nothing was compared, and where the bake failed: its reasons have the numbers then. */
  compared: Compared;
}

/** Puts together what the run knows of its bake. @param failure the first error of the run */
export function reportBake(
  baseline: Baseline | undefined,
  baked: Baked = {},
  failure: Failure | null = null,
): BakeReport {
  const rest = { baseline: baseline?.takenAt ? baseline : null, compared: baked.compared ?? {} };
  if (baked.over) return { verdict: 'pass', because: null, ...rest };
  if (failure?.state !== 'Bake') return { verdict: null, because: null, ...rest };
  const because = messageOf(failure);
  if (isError(failure.error, 'BlueGreen.TestFailed')) return { verdict: 'fail', because, ...rest };
  return { verdict: isUndecidedBake(failure) ? 'undecided' : null, because, ...rest };
}

/** Comparisons in words, such as `CPUUtilization: 12 % before, 13.5 % after the cut (60 points)`. */
export function describeCompared(compared: Compared): string[] {
  return Object.entries(compared).map(([name, { before, after, points }]) => {
    const show = (value: number | null) => (value === null ? 'not known' : showValue(name, value));
    return `${name}: ${show(before)} before, ${show(after)} after the cut (${points} ${points === 1 ? 'point' : 'points'})`;
  });
}

/** What the bake will do, for those who approve. @param hasWayBack whether one may be set up in the cut */
export function describeBakePlan(
  { bake, wayBack }: Pick<Request, 'bake' | 'wayBack'>,
  hasWayBack: boolean,
): string {
  if (bake.minutes === 0) return 'none: nobody watches new production after the cut';
  const metrics = comparedMetrics(bake).map(({ name }) => name);
  return [
    `${bake.minutes} min`,
    bake.alarms.length > 0 ? `alarms that must stay OK: ${bake.alarms.join(', ')}` : 'no alarm is watched',
    metrics.length > 0
      ? `compared with blue before the cut: ${metrics.join(', ')}`
      : 'nothing is compared with blue',
    describeAfterFailure(wayBack, hasWayBack),
  ].join('; ');
}

function describeAfterFailure({ onFailure }: Request['wayBack'], hasWayBack: boolean): string {
  if (!hasWayBack) return 'a failure is announced, and production stays where it is: there is no way back';
  return onFailure === 'go-back'
    ? 'a failure goes back by itself, as long as the way back is open'
    : 'a failure asks people whether to go back, as long as the way back is open';
}
