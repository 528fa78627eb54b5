import { areOfOneMachine } from '../../domain/model/execution-arn.ts';
import { executionTag } from '../../domain/model/tags.ts';
import { readExecutionStatus } from '../step-functions/tokens.ts';

/**
 * What a tag names, and whether it may still act: null of what is no run of the same state machine as ours, which nobody here can look at. Null
 * when the tags name nothing.
 */
export async function readOwner(
  tags: Record<string, string>,
  ours: string,
): Promise<{ executionArn: string; open: boolean | null } | null> {
  const executionArn = tags[executionTag];
  if (!executionArn) return null;
  if (!areOfOneMachine(executionArn, ours)) return { executionArn, open: null };
  const status = await readExecutionStatus(executionArn);
  return { executionArn, open: status === 'RUNNING' || status === 'PENDING_REDRIVE' };
}

/** What else the tags of a database or a deployment name: another run that is still open, or something that nobody here can look at. */
export async function findRival(
  tags: Record<string, string>,
  executionArn: string,
): Promise<string | undefined> {
  const owner = await readOwner(tags, executionArn);
  return owner && owner.open !== false && owner.executionArn !== executionArn
    ? owner.executionArn
    : undefined;
}
