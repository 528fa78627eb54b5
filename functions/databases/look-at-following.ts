import type { Depth, FollowingFacts, SideFacts } from '../domain/hand-over/side-facts.ts';
import { changesTables, judgeFollowing } from '../domain/hold/following.ts';
import type { Deployment, Side } from '../domain/model/deployment.ts';
import { Busy, ProvisioningFailed } from '../domain/model/errors.ts';
import { isRead, type Reading, read, unreadable } from '../domain/model/reading.ts';
import type { RunEvent } from '../tasks/run-event.ts';
import { askDatabase, placeOf } from './ask.ts';
import { compareSchemas } from './compare-schema.ts';
import { signInOf } from './question.ts';

type LookingEvent = Pick<RunEvent, 'request' | 'executionArn'>;

/** Who was found to read changes of blue, and how green follows blue as both databases see it. Empty where the request names no login. */
export type Looked = Pick<Deployment, 'following' | 'consumers'>;

/**
 * Asks both databases how green follows blue. Changes nothing. No answer is told, and ends nothing: RDS itself watches the replication.
 * @param deployment with both sides as they were just read
 * @throws ProvisioningFailed when tables were changed on blue and rows of blue would not arrive on green any more
 */
export async function lookAtFollowing(event: LookingEvent, deployment: Deployment): Promise<Looked> {
  const { green, blue, catalogs } = deployment;
  if (!event.request.wayBack.login || !green) return {};
  const [onBlue, onGreen] = await Promise.all([
    readSide(event, deployment, blue, catalogs ? 'catalogs' : 'server'),
    readSide(event, deployment, green, 'tables'),
  ]);
  if (!isRead(onBlue)) return { following: onBlue };
  const { consumers } = onBlue.value;
  if (!isRead(onGreen)) return { consumers, following: onGreen };
  const following = judgeFollowing(catalogs, onBlue.value, onGreen.value);
  await refuseLostRows(event, deployment, following);
  return { consumers, following: read(following) };
}

/** What people decide on, with what the databases say of how green follows blue. Going back is another question. */
export async function withFollowing(
  event: LookingEvent & { goingBack?: unknown },
  reading: Reading<Deployment>,
): Promise<Reading<Deployment>> {
  if (event.goingBack || !isRead(reading)) return reading;
  const deployment = reading.value;
  const looked = await lookAtFollowing(event, deployment);
  const obstacles = looked.following && isRead(looked.following) ? looked.following.value.obstacles : [];
  return read({ ...deployment, ...looked, inTheWay: [...(deployment.inTheWay ?? []), ...obstacles] });
}

/** What one side says, at the address that was just read of it; names have led to the same servers for long. */
export async function readSide(
  { request, executionArn }: LookingEvent,
  { database }: Pick<Deployment, 'database'>,
  side: Pick<Side, 'id' | 'resourceId' | 'endpoint' | 'status'>,
  depth: Depth,
): Promise<Reading<SideFacts>> {
  try {
    const question = { executionArn, ...signInOf(request, database), ...placeOf(side, null), depth };
    const reply = await askDatabase('read-side', question);
    return reply.kind === 'answer' ? read(reply.facts) : unreadable(reply.because);
  } catch (error) {
    if (error instanceof Busy) return unreadable(error.message);
    throw error;
  }
}

/** Tables that were changed on blue are compared with those of green, by which the message names each. */
async function refuseLostRows(
  event: LookingEvent,
  deployment: Deployment,
  following: FollowingFacts,
): Promise<void> {
  if (!changesTables(following)) return;
  const found = await compareSchemas(event, deployment);
  if (typeof found === 'string' || found.blockers.length === 0) return;
  throw new ProvisioningFailed(
    `tables of blue were changed after green was built, and replication brings no such change to green:\n${found.blockers.join('\n')}\nBlue serves on and was not touched; start again, and green is built with them`,
  );
}
