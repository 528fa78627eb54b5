import type { Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { greenTag } from '../../domain/model/tags.ts';
import { readTags } from '../rds/read.ts';
import { askForMarks } from './marks.ts';

/**
 * Of what the changing call names: a cluster, a primary, or a member of green. IAM may know a new tag a moment later only, so nothing is done in
 * the same attempt.
 * @throws Busy when the mark was put on just now
 */
export async function requireGreenMark(
  { arn, resourceId, id }: Pick<Side, 'arn' | 'resourceId' | 'id'>,
  executionArn: string,
): Promise<void> {
  if ((await readTags(arn))[greenTag] === executionArn) return;
  await askForMarks([{ arn, resourceId, mark: 'green-to-change' }], executionArn);
  throw new Busy(notYet(`${id} was marked as green that may be changed`, null));
}
