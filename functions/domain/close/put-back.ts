import { firstNames, namesTold } from '../model/first-names.ts';

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

/** One thing of the former production. `coming`: AWS has accepted it and has not finished. */
export type Kept = { what: string } & (
  | { state: 'present' }
  | { state: 'coming' }
  /** `put`: makes it on the side that serves. Without it no call can. */
  | { state: 'lacking'; because: string; commands?: string[]; put?: () => Promise<unknown> }
);

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
