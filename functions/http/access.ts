import { verifyWith } from '../aws/kms.ts';
import { isRecent, textOfCaller } from '../domain/approval/caller.ts';
import { isExpired, type LinkPurpose, readCode } from '../domain/approval/link.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import type { DecideRequest } from './protocol.ts';

/** What a caller of `decide` may do, after the seal that it brought was verified. */
export interface Access {
  purposes: readonly LinkPurpose[];
  executionArn: string;
  group: string;
  /** Links only: digest of the plan that they were sealed for. */
  plan?: string;
  identified: 'attested' | 'authenticated';
  /** Callers that IAM knows: their ARN. A person with a link types a name. */
  by?: string;
}

/** Verifies what the caller brings, or gives nothing. */
export async function authorize(event: DecideRequest): Promise<Access | undefined> {
  return event.via === 'link' ? openLink(event.code) : admitCaller(event);
}

/** A link with a good seal and time left. Also the page's own test before it asks `decide`. */
export async function openLink(code: string): Promise<Access | undefined> {
  const read = readCode(code);
  if (!read || !(await verifyWith(env('LINK_KEY_ID'))(read.text, read.seal))) return undefined;
  const { claims } = read;
  if (isExpired(claims, clock.now())) return undefined;
  return {
    purposes: [claims.purpose],
    executionArn: `${ours()}${claims.execution}`,
    group: claims.group,
    plan: claims.plan,
    identified: 'attested',
  };
}

async function admitCaller({ caller, seal }: DecideRequest & { via: 'iam' }): Promise<Access | undefined> {
  if (!isRecent(caller, clock.now()) || !caller.executionArn.startsWith(ours())) return undefined;
  if (!(await verifyWith(env('LINK_KEY_ID'))(textOfCaller(caller), seal))) return undefined;
  const { executionArn, group, by } = caller;
  return { purposes: ['decide', 'stop'], executionArn, group, identified: 'authenticated', by };
}

const ours = (): string => executionPrefix(env('STATE_MACHINE_ARN'));
