import { sealWith, verifyWith } from '../aws/kms.ts';
import { isRecent, textOfCaller } from '../domain/approval/caller.ts';
import { isConfirmed, phraseOf } from '../domain/approval/confirmation.ts';
import { isExpired, type LinkPurpose, nameOfLink, readClaims, textOfId } from '../domain/approval/link.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { readSealed } from './link-seal.ts';
import type { DecideRequest } from './protocol.ts';

/** What a caller of `decide` may do, after the seal that it brought was verified. */
export interface Access {
  purposes: readonly LinkPurpose[];
  executionArn: string;
  group: string;
  /** Links only: digest of the plan that they were sealed for. */
  plan?: string;
  identified: 'attested' | 'authenticated';
  /** Links only: the link's name, and whether a typed text is the phrase of its message. */
  guard?: { link: string; isPhrase(typed: string): boolean };
  /** Callers that IAM knows: their ARN. A person with a link types a name. */
  by?: string;
}

/** Verifies what the caller brings, or gives nothing. */
export async function authorize(event: DecideRequest): Promise<Access | undefined> {
  return event.via === 'link' ? openLink(event.code) : admitCaller(event);
}

/** A link with a good seal and time left. The key gives the secret that opens it, and that its phrase comes from. */
export async function openLink(code: string): Promise<Access | undefined> {
  const read = await readSealed(code);
  if (!read) return undefined;
  const secret = Buffer.from(await sealWith(env('LINK_KEY_ID'))(textOfId(read.id)), 'base64url');
  const claims = readClaims(read, secret);
  if (!claims || isExpired(claims, clock.now())) return undefined;
  const goingBack = claims.purpose === 'go-back';
  return {
    purposes: [goingBack ? 'decide' : claims.purpose],
    executionArn: `${goingBack ? theirs() : ours()}${claims.execution}`,
    group: claims.group,
    plan: claims.plan,
    identified: 'attested',
    guard: { link: nameOfLink(code), isPhrase: (typed) => isConfirmed(typed, phraseOf(secret)) },
  };
}

async function admitCaller({ caller, seal }: DecideRequest & { via: 'iam' }): Promise<Access | undefined> {
  const known = [ours(), theirs()].some((prefix) => caller.executionArn.startsWith(prefix));
  if (!isRecent(caller, clock.now()) || !known) return undefined;
  if (!(await verifyWith(env('LINK_KEY_ID'))(textOfCaller(caller), seal))) return undefined;
  const { executionArn, group, by } = caller;
  return { purposes: ['decide', 'stop'], executionArn, group, identified: 'authenticated', by };
}

/** Of runs, and of the executions that go back. */
const ours = (): string => executionPrefix(env('STATE_MACHINE_ARN'));
const theirs = (): string => executionPrefix(env('ROLL_BACK_STATE_MACHINE_ARN'));
