import { executionTag } from '../../domain/model/tags.ts';
import { readTags } from '../rds/read.ts';
import { readExecutionStatus } from '../step-functions/tokens.ts';

/** The run that a tag names, and whether it may still act; null when the tags name none. */
export async function readOwner(
  tags: Record<string, string>,
): Promise<{ executionArn: string; open: boolean } | null> {
  const executionArn = tags[executionTag];
  if (!executionArn) return null;
  const status = await readExecutionStatus(executionArn);
  return { executionArn, open: status === 'RUNNING' || status === 'PENDING_REDRIVE' };
}

/** ARN of another run that owns this database or deployment and is still open. */
export async function findRival(arn: string, executionArn: string): Promise<string | undefined> {
  const owner = await readOwner(await readTags(arn));
  return owner?.open && owner.executionArn !== executionArn ? owner.executionArn : undefined;
}
