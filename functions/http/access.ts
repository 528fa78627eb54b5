import { sealWith } from '../aws/kms.ts';
import { whoSigned } from '../aws/sts.ts';
import { isConfirmed, phraseOf } from '../domain/approval/confirmation.ts';
import { isExpired, type LinkPurpose, nameOfLink, readClaims, textOfId } from '../domain/approval/link.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { readSealed } from './link-seal.ts';
import type { DecideRequest } from './protocol.ts';
import type { SignedRequest } from './signed-request.ts';

/** What a caller of `decide` may do, after its link or its signature was verified. */
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

/**
 * ARN of the person who has signed the text, where it is the one whom the API let through, and of this account: anybody in the world has
 * an identity that STS knows.
 */
export async function identify({
  by,
  text,
  proof,
}: DecideRequest & { via: 'iam' }): Promise<string | undefined> {
  const signedBy = await whoSigned(text, proof);
  const account = env('STATE_MACHINE_ARN').split(':')[4];
  return signedBy === by && by.split(':')[4] === account ? by : undefined;
}

/** What somebody may do whom IAM knows, where it is about a run, or an execution that goes back. */
export function admit(by: string, { execution, group }: SignedRequest): Access | undefined {
  if (![ours(), theirs()].some((prefix) => execution.startsWith(prefix))) return undefined;
  return { purposes: ['decide', 'stop'], executionArn: execution, group, identified: 'authenticated', by };
}

/** Of runs, and of the executions that go back. */
const ours = (): string => executionPrefix(env('STATE_MACHINE_ARN'));
const theirs = (): string => executionPrefix(env('ROLL_BACK_STATE_MACHINE_ARN'));
