import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { goingBackTag } from '../../domain/model/tags.ts';
import { asTags, readTags } from '../rds/read.ts';
import { readSide, readSideAgain } from '../rds/side.ts';

/** New production as it was just read. Its ARN is by name: it changes with every rename. */
type Green = Pick<Side, 'arn'>;

/** ARN of the last execution that has gone back or tried to, whether it is open or not: its mark is on new production. */
export async function readMark(deployment: Deployment): Promise<string | undefined> {
  return markOf(await readSide(deployment, 'green'));
}

/**
 * Whether the description of new production, which others of the same look ask for as well, shows that an execution goes back or has gone back. It
 * may be late: a no only saves a call where nothing is decided by it.
 */
export async function showsMark({ database, green }: Deployment): Promise<boolean> {
  const raw = green && (await readSideAgain(database.kind, green));
  const { TagList } = raw?.cluster ?? raw?.instances[0] ?? {};
  return goingBackTag in asTags(TagList);
}

/** `ListTagsForResource`: nothing says that the `TagList` of a description is as fresh, or always there. */
async function markOf({ arn }: Green): Promise<string | undefined> {
  return (await readTags(arn))[goingBackTag];
}

/**
 * Rejects when another execution has the mark: this one was killed, somebody has started anew, and then it was redriven; or both began
 * at once. Busy, because a mark may take a moment to be read. The run itself needs none.
 */
export async function requireMark(
  { run, executionArn }: { run?: string; executionArn: string },
  green: Green,
): Promise<void> {
  if (run === undefined) return;
  const marked = await markOf(green);
  if (marked !== executionArn)
    throw new Busy(
      notYet(
        `${marked ?? 'no execution'} has the mark of going back on new production, so this one does nothing more`,
        'look which execution goes back, wait for its end, and start again only where it gave up',
      ),
    );
}
