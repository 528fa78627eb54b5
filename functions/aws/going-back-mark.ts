import type { Deployment } from '../domain/deployment.ts';
import { Busy, UnexpectedState } from '../domain/errors.ts';
import { goingBackTag } from '../domain/ownership.ts';
import { readTags } from './rds-read.ts';
import { asSide, readSideAgain } from './read-side.ts';

/** ARN of new production, by its resource id: it changes with every rename. */
export async function arnOfGreen({ database, green }: Deployment): Promise<string> {
  const raw = green && (await readSideAgain(database.kind, green));
  if (!raw) throw new UnexpectedState(`new production (${green?.resourceId ?? 'unknown'}) is not there`);
  return asSide(raw).arn;
}

/** ARN of the last execution that has gone back or tried to, whether it is open or not: its mark is on new production. */
export async function readMark(deployment: Deployment): Promise<string | undefined> {
  return (await readTags(await arnOfGreen(deployment)))[goingBackTag];
}

/**
 * Rejects when another execution has the mark: this one was killed, somebody has started anew, and then it was redriven; or both began
 * at once. Busy, because a mark may take a moment to be read. The run itself needs none.
 */
export async function requireMark({
  run,
  deployment,
  executionArn,
}: {
  run?: string;
  deployment: Deployment;
  executionArn: string;
}): Promise<void> {
  if (run === undefined) return;
  const marked = await readMark(deployment);
  if (marked !== executionArn)
    throw new Busy(
      `${marked ?? 'no execution'} has the mark of going back on new production, so this one does nothing more`,
    );
}
