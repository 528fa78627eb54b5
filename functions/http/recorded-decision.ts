import { verifyWith } from '../aws/kms.ts';
import { readApprovalRecord } from '../aws/step-functions/approval-history.ts';
import { type Decision, textOfDecision } from '../domain/approval/decision.ts';
import type { ApprovalRecord } from '../domain/approval/question.ts';
import { env } from '../runtime/env.ts';
import type { Access } from './access.ts';

/** The decision in a record. It counts by its seal alone: the results of other functions stand in the same history. */
export async function recordedDecision({ decision }: ApprovalRecord): Promise<Decision | undefined> {
  if (!decision) return undefined;
  const good = await verifyWith(env('DECISION_KEY_ID'))(textOfDecision(decision), decision.seal);
  return good ? decision : undefined;
}

/** The decisions of other groups whose seal is good. */
export async function decisionsOfOthers({ others }: ApprovalRecord): Promise<Decision[]> {
  const verify = verifyWith(env('DECISION_KEY_ID'));
  const good = await Promise.all(others.map((one) => verify(textOfDecision(one), one.seal)));
  return others.filter((_, index) => good[index]);
}

/** What the history says now. A run that was there a moment ago still is; without it nothing may be decided. */
export async function readAgain({ executionArn, group }: Access): Promise<ApprovalRecord> {
  return (
    (await readApprovalRecord(executionArn, group)) ?? {
      looks: [],
      others: [],
      wrongPhrases: [],
      closed: true,
      ended: true,
    }
  );
}
