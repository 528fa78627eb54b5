import type { Deployment } from '../domain/deployment.ts';
import { Busy, UnexpectedState } from '../domain/errors.ts';
import { goingBackTag } from '../domain/ownership.ts';
import { readTags } from './rds-read.ts';
import { addTags } from './rds-write.ts';
import { asSide, readSideAgain } from './read-side.ts';
import { readExecutionStatus } from './states.ts';

/** ARN of new production, by its resource id: it changes with every rename. */
async function arnOfGreen({ database, green }: Deployment): Promise<string> {
  const raw = green && (await readSideAgain(database.kind, green));
  if (!raw) throw new UnexpectedState(`new production (${green?.resourceId ?? 'unknown'}) is not there`);
  return asSide(raw).arn;
}

/** ARN of the open execution that goes back, by the mark on new production. */
export async function findGoingBack(deployment: Deployment): Promise<string | undefined> {
  const { [goingBackTag]: marked } = await readTags(await arnOfGreen(deployment));
  return marked && (await isOpen(marked)) ? marked : undefined;
}

async function isOpen(executionArn: string): Promise<boolean> {
  const status = await readExecutionStatus(executionArn);
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

/** ARN of the last execution that has gone back or tried to, whether it is open or not. */
export async function readLastGoingBack(deployment: Deployment): Promise<string | undefined> {
  return (await readTags(await arnOfGreen(deployment)))[goingBackTag];
}

export interface Claim {
  /** Another open execution has the mark. */
  other?: string;
  /** An execution that has ended had it: it may have got half-way. */
  begunBefore: boolean;
}

/** Marks new production as going back by this execution, unless an open one has it. The last of two at once wins, and the other sees it. */
export async function claimGoingBack(deployment: Deployment, executionArn: string): Promise<Claim> {
  const arn = await arnOfGreen(deployment);
  const { [goingBackTag]: marked } = await readTags(arn);
  if (marked && marked !== executionArn && (await isOpen(marked)))
    return { other: marked, begunBefore: true };
  if (marked !== executionArn) await addTags(arn, { [goingBackTag]: executionArn });
  const { [goingBackTag]: now } = await readTags(arn);
  // A tag that was just set may take a moment to be read.
  if (now !== executionArn && (now === undefined || now === marked))
    throw new Busy('the mark on new production is not read yet');
  return { ...(now !== executionArn && { other: now }), begunBefore: marked !== undefined };
}
