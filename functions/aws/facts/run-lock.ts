import { executionTag } from '../../domain/model/tags.ts';
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

/** ARN of another run that the tags of a database or a deployment name and that is still open. */
export async function findRival(
  tags: Record<string, string>,
  executionArn: string,
): Promise<string | undefined> {
  const owner = await readOwner(tags);
  return owner?.open && owner.executionArn !== executionArn ? owner.executionArn : undefined;
}
