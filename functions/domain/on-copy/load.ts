import { foreignText } from '../model/text.ts';
import { isAtHome } from '../request/foreign-arns.ts';
import { hookArn } from '../request/hook-arn.ts';

/** The load on a copy, as its hook is told to stop it. Null: not known, since another execution began it. */
export interface Load {
  /** ARN of the hook. */
  arn: string;
  /** ARN of the rehearsal that it belongs to. */
  rehearsal: string;
  /** Name of the copy, its resource id, and its address as host:port. */
  database: string | null;
  resourceId: string | null;
  endpoint: string | null;
}

/** What the hook said when it stopped the load, cut by the state machine, with what it left out; `facts` is JSON. Or why nothing is known. */
export type LoadSaid = { verdict?: string; because?: string; facts?: string } | { failed: string };

/**
 * The load that a rehearsal was asked for, read in its input by a clean-up. The input was validated when the rehearsal began, or refused
 * then; what would have been refused is no load here either.
 * @param rehearsal its ARN
 */
export function findLoad(input: Record<string, unknown> | undefined, rehearsal: string): Load | null {
  const asked = input?.rehearseOnCopy as { load?: { arn?: unknown } | null } | null | undefined;
  const arn = asked?.load?.arn;
  if (typeof arn !== 'string' || !hookArn.test(arn) || !isAtHome(arn, rehearsal)) return null;
  return { arn, rehearsal, database: null, resourceId: null, endpoint: null };
}

/** Told at the end: a hook may return more than a person reads. */
const factsTold = 10;

/** What the load said, in words: texts of others, made harmless. `load: 1,234 writes; longestPause 2.9`. */
export function describeLoad(said: LoadSaid): string {
  if ('failed' in said) return `load: it may not have been stopped (${foreignText(said.failed, 300)})`;
  const told = [said.because ?? '', describeFacts(said.facts ?? '')].filter((part) => part !== '');
  const no = said.verdict === 'pass' ? '' : 'stopping it was answered with no: ';
  return `load: ${no}${told.map((part) => foreignText(part, 300)).join('; ') || 'nothing was said of it'}`;
}

/** JSON that was cut in its middle is told as it is. */
function describeFacts(facts: string): string {
  try {
    const read: unknown = JSON.parse(facts || '{}');
    if (typeof read !== 'object' || read === null) return facts;
    const entries = Object.entries(read).slice(0, factsTold);
    return entries
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join(', ');
  } catch {
    return facts;
  }
}
