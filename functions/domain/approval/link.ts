import type { Window } from '../model/deployment.ts';
import { decodeStrictly, digestOf, type SealPurpose, sealedText, sealPattern } from './seal.ts';

/** What a link is for: to answer the question of a group, or to stop the run. */
export type LinkPurpose = 'decide' | 'stop';

/** What a link says and its seal proves. It names the run and the group, never a task token. */
export interface Claims {
  purpose: LinkPurpose;
  /** Name of the execution; machine, account and Region are those of the function that reads it. */
  execution: string;
  group: string;
  /** `digestOf(planHash)`: the link is for one plan. */
  plan: string;
  /** Seconds since the epoch; from this second on the link is void. */
  expires: number;
}

/** A code as it stands in the link, taken apart but not yet believed. */
export interface Code {
  claims: Claims;
  /** What the seal must cover. */
  text: string;
  seal: string;
}

const sealPurpose: SealPurpose = 'link';
/** Execution names have 80 characters and groups 40; this is that with room for non-ASCII names. */
const longestCode = 700;
const codePattern = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/** The claims as text: base64url of a JSON list, about 100 letters. */
export function writeClaims({ purpose, execution, group, plan, expires }: Claims): string {
  return Buffer.from(JSON.stringify([purpose, expires, plan, group, execution])).toString('base64url');
}

/** The text that the seal of these written claims covers. */
export function textOfClaims(written: string): string {
  return sealedText(sealPurpose, written);
}

/** Takes a code apart; anything that we would not have written like this is nothing. */
export function readCode(code: string): Code | undefined {
  if (code.length > longestCode) return undefined;
  const [, written = '', seal = ''] = codePattern.exec(code) ?? [];
  if (!sealPattern.test(seal) || !decodeStrictly(seal)) return undefined;
  const claims = readClaims(decodeStrictly(written)?.toString() ?? '');
  return claims && { claims, text: textOfClaims(written), seal };
}

function readClaims(json: string): Claims | undefined {
  try {
    const [purpose, expires, plan, group, execution, ...more] = JSON.parse(json) as unknown[];
    if (more.length > 0 || (purpose !== 'decide' && purpose !== 'stop')) return undefined;
    if (!Number.isSafeInteger(expires) || [plan, group, execution].some((part) => typeof part !== 'string'))
      return undefined;
    return { purpose, expires, plan, group, execution } as Claims;
  } catch {
    return undefined;
  }
}

/** Whether the link is void by time. `now` in milliseconds since the epoch. */
export function isExpired({ expires }: Claims, now: number): boolean {
  return now >= expires * 1000;
}

/** Whether the link was sealed for this plan. */
export function isForPlan({ plan }: Pick<Claims, 'plan'>, planHash: string | undefined): boolean {
  return planHash !== undefined && plan === digestOf(planHash);
}

/**
 * When the links of a question end, in seconds since the epoch. Deciding ends with the time to answer, stopping with
 * the bake of a cut that began at the end of the window. NaN for what is no time, which no link carries.
 */
export function linkExpiries(
  { approveBy, closesAt }: Window,
  bakeMinutes: number,
): Record<LinkPurpose, number> {
  const seconds = (isoTime: string) => Math.floor(Date.parse(isoTime) / 1000);
  return { decide: seconds(approveBy), stop: seconds(closesAt) + Math.ceil(bakeMinutes * 60) };
}
