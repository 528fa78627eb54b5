import { firstNames } from '../model/first-names.ts';

/** What the former production has beside its data, and whether the side that serves has it as well. */
export interface PutBack {
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

/** What an outcome tells of it. */
export function describePutBack({ present }: PutBack): string[] {
  return present.length === 0 ? [] : [`Production has again: ${firstNames(present).join(', ')}`];
}

/** What is left to a person, a line for each thing. */
export function advisePutBack({ lacking }: PutBack): string[] {
  return firstNames(lacking.map(({ what, because }) => `Give production the ${what}: ${because}`));
}
