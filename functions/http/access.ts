import { sealWith, verifyWith } from '../aws/kms.ts';
import { isConfirmed, phraseOf } from '../domain/approval-confirmation.ts';
import { isRecent, textOfCaller } from '../domain/caller.ts';
import { isExpired, type LinkPurpose, nameOfLink, readClaims, textOfId } from '../domain/link.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import type { DecideRequest } from './exchange.ts';
import { readSealed } from './link-seal.ts';

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
  return {
    purposes: [claims.purpose],
    executionArn: `${executionPrefix()}${claims.execution}`,
    group: claims.group,
    plan: claims.plan,
    identified: 'attested',
    guard: { link: nameOfLink(code), isPhrase: (typed) => isConfirmed(typed, phraseOf(secret)) },
  };
}

async function admitCaller({ caller, seal }: DecideRequest & { via: 'iam' }): Promise<Access | undefined> {
  if (!isRecent(caller, clock.now()) || !caller.executionArn.startsWith(executionPrefix())) return undefined;
  if (!(await verifyWith(env('LINK_KEY_ID'))(textOfCaller(caller), seal))) return undefined;
  const { executionArn, group, by } = caller;
  return { purposes: ['decide', 'stop'], executionArn, group, identified: 'authenticated', by };
}

/** What the ARN of every execution of our state machine begins with; a version or an alias is no part of it. */
function executionPrefix(): string {
  const machine = env('STATE_MACHINE_ARN').split(':').slice(0, 7).join(':');
  return `${machine.replace(':stateMachine:', ':execution:')}:`;
}
