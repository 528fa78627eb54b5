import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { goingBackTag } from '../../domain/model/tags.ts';
import { readTags } from '../rds/read.ts';
import { readSide } from '../rds/side.ts';

/** New production as it was just read. Its ARN is by name: it changes with every rename. */
type Green = Pick<Side, 'arn'>;

/** ARN of the last execution that has gone back or tried to, whether it is open or not: its mark is on new production. */
export async function readMark(deployment: Deployment): Promise<string | undefined> {
  return markOf(await readSide(deployment, 'green'));
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
