import { firstNames, isRest, namesTold } from '../model/first-names.ts';
import type { Scaling, ScalingPolicy, ScalingSchedule } from './scaling.ts';

type Side = 'blue' | 'green' | 'unknown';

/** What the former production has beside its data, and whether the side that serves has it as well. */
export interface PutBack {
  /** The side that was to have it: a run that went back afterwards, and an execution that goes back, still know that of the cut. */
  side: Side;
  /** In words that name the thing: `IAM role exports for s3Export on orders`. */
  present: string[];
  lacking: Lacking[];
}

/** What a person is told of it, and what is to be executed where that is known, in this order. */
interface Lacking {
  what: string;
  because: string;
  commands?: string[];
}

/** What the cut will do to everything that production has beside its data, as it was looked at before anybody is asked. */
export interface Forecast {
  /** Dropped, and made again by "Put back what was dropped". */
  putBack: string[];
  /** Dropped or changed, and for a person to mend. */
  byHand: { what: string; because: string }[];
  /** Goes by name, or RDS takes it along. */
  comesAlong: string[];
}

/** One thing of the former production. `coming`: AWS has accepted it and has not finished. */
export type Kept = { what: string } & (
  | { state: 'present' }
  /** `slow`: what a person is told of one that may not come by itself, once it was waited for long enough. */
  | { state: 'coming'; slow?: string }
  /** `put`: what is made of it on the side that serves. Without it no call can. */
  | { state: 'lacking'; because: string; commands?: string[]; put?: ToMake }
);

/** What one call makes. */
export type ToMake =
  | { kind: 'role'; of: 'instance' | 'cluster'; name: string; role: string; feature: string | undefined }
  | { kind: 'event source'; subscription: string; name: string }
  | { kind: 'readers'; cluster: string; scaling: Scaling }
  | { kind: 'policy'; cluster: string; policy: ScalingPolicy }
  | { kind: 'schedule'; cluster: string; schedule: ScalingSchedule }
  | { kind: 'tags'; arn: string; tags: Record<string, string> }
  /** The whole alarm, as PutMetricAlarm takes it. */
  | { kind: 'alarm'; settings: object };

/** Each thing by what will become of it. So many of each are kept as are told. */
export function forecast(kept: Kept[]): Forecast {
  const ofState = (state: Kept['state']) => kept.filter((one) => one.state === state);
  const lacking = kept.filter((one) => one.state === 'lacking');
  return {
    putBack: firstNames(lacking.filter(({ put }) => put).map(({ what }) => what)),
    byHand: firstOf(lacking.filter(({ put }) => !put).map(({ what, because }) => ({ what, because }))),
    comesAlong: firstNames([...ofState('present'), ...ofState('coming')].map(({ what }) => what)),
  };
}

/** As `firstNames` does it, of things with a reason. */
function firstOf(things: { what: string; because: string }[]): { what: string; because: string }[] {
  const names = firstNames(things.map(({ what }) => what));
  return names.map((what, index) => ({
    what,
    because: things[index]?.what === what ? things[index].because : '',
  }));
}

/** A line for each thing, with what becomes of it: for those who decide, and for those who are told. */
export function describeForecast(known: Forecast | undefined): [label: string, line: string][] {
  if (!known) return [];
  const { putBack, byHand, comesAlong } = known;
  return [
    ...putBack.map((what): [string, string] => ['Dropped, put back', what]),
    ...byHand.map(({ what, because }): [string, string] => [
      'For a person, after',
      because ? `${what}: ${because}` : what,
    ]),
    ...(comesAlong.length > 0 ? [['Comes along', comesAlong.join('; ')] satisfies [string, string]] : []),
  ];
}

/** What an outcome tells of it, where that side serves in the end. */
export function describePutBack(putBack: PutBack | undefined, serves: Side): string[] {
  if (putBack?.side !== serves || putBack.present.length === 0) return [];
  return [`Production has again: ${firstNames(putBack.present).join(', ')}`];
}

/** What is left to a person, a line for each thing. */
export function advisePutBack(putBack: PutBack | undefined, serves: Side): string[] {
  if (putBack?.side !== serves) return [];
  const { lacking } = putBack;
  const others = lacking.length - namesTold;
  return [
    ...lacking
      .slice(0, namesTold)
      .flatMap(({ what, because, commands = [] }) => [
        `Give production the ${what}: ${because}`,
        ...commands,
      ]),
    ...(others > 0 ? [`and ${others} more`] : []),
  ];
}

/** What people were promised before the cut and nobody has looked at since, a line for each thing. */
export function advisePromised({ putBack, byHand }: Forecast): string[] {
  const promised = putBack.map((what) => ({
    what,
    because: isRest(what) ? '' : 'the run did not put it back',
  }));
  return [...promised, ...byHand].map(({ what, because }) =>
    because ? `Give production the ${what}: ${because}` : what,
  );
}
