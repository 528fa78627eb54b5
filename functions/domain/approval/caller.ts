import { sealedText } from './seal.ts';

/** Who calls without a link, as AWS says it. Sealed, so that only the function behind the IAM-authorized route can say so. */
export interface Caller {
  /** ARN of the caller. */
  by: string;
  executionArn: string;
  group: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** A sealed caller counts for this long: it goes from one function to the next and no further. */
const goodForMs = 60_000;

/** The text that the seal of a caller covers. */
export function textOfCaller({ by, executionArn, group, at }: Caller): string {
  return sealedText('caller', JSON.stringify([by, executionArn, group, at]));
}

/** Whether the caller was sealed just now. The clocks of the two functions may differ a little, to either side. */
export function isRecent({ at }: Caller, now: number): boolean {
  return Math.abs(now - at) < goodForMs;
}
