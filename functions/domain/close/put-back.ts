import { firstNames } from '../model/first-names.ts';

type Side = 'blue' | 'green' | 'unknown';

/** What the former production has beside its data, and whether the side that serves has it as well. */
export interface PutBack {
  /** The side that was to have it: a run that went back afterwards, and an execution that goes back, still know that of the cut. */
  side: Side;
  /** In words that name the thing: `IAM role exports for s3Export on orders`. */
  present: string[];
  lacking: { what: string; because: string }[];
}

/** One thing of the former production. `coming`: AWS has accepted it and has not finished. */
export type Kept = { what: string } & (
  | { state: 'present' }
  | { state: 'coming' }
  /** `put`: makes it on the side that serves. Without it no call can. */
  | { state: 'lacking'; because: string; put?: () => Promise<unknown> }
);

/** What an outcome tells of it, where that side serves in the end. */
export function describePutBack(putBack: PutBack | undefined, serves: Side): string[] {
  if (putBack?.side !== serves || putBack.present.length === 0) return [];
  return [`Production has again: ${firstNames(putBack.present).join(', ')}`];
}

/** What is left to a person, a line for each thing. */
export function advisePutBack(putBack: PutBack | undefined, serves: Side): string[] {
  if (putBack?.side !== serves) return [];
  return firstNames(putBack.lacking.map(({ what, because }) => `Give production the ${what}: ${because}`));
}
