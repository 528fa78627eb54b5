import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet, tagsStay } from '../../domain/model/not-yet.ts';
import { executionTag, goingBackTag } from '../../domain/model/tags.ts';
import { judgeRollBack } from '../../domain/way-back/roll-back-result.ts';
import { readTags } from '../rds/read.ts';
import { readSide } from '../rds/side.ts';
import { addTags } from '../rds/write.ts';
import { type Run, readRun } from '../step-functions/executions.ts';
import { readExecutionStatus } from '../step-functions/tokens.ts';
import { readMark } from './roll-back-mark.ts';

/**
 * The newest execution that has marked new production to go back from a run, open or not. The cut hands on the tags of blue, so
 * a mark may be of an earlier run.
 */
export async function readNewestRollBack(deployment: Deployment, run: string): Promise<Run | undefined> {
  const marked = await readMark(deployment);
  const execution = marked ? await readRun(marked) : undefined;
  return execution?.input?.includes(JSON.stringify(run)) ? execution : undefined;
}

/**
 * ARN of the execution by which a run goes back or has gone back. One that has ended is passed over only with its proof that new
 * production serves: one that was killed may have left nobody able to write.
 */
export async function findGoingBack(deployment: Deployment, run: string): Promise<string | undefined> {
  const newest = await readNewestRollBack(deployment, run);
  if (!newest) return undefined;
  const verdict = judgeRollBack(newest.executionArn, newest);
  return verdict.kind === 'ready' && verdict.facts.side === 'green' ? undefined : newest.executionArn;
}

async function isOpen(executionArn: string): Promise<boolean> {
  const status = await readExecutionStatus(executionArn);
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

export interface Claim {
  /** Another open execution has the mark. */
  other?: string;
  /** An execution that has ended had it: it may have got half-way. */
  begunBefore: boolean;
}

/**
 * Lets both sides name the run that is undone, before anything is closed: the role that renames databases may rename only what does. New
 * production and old blue have these tags only once the deployment record is released.
 */
export async function markBothSides(deployment: Deployment, run: string): Promise<void> {
  const sides = await Promise.all([readSide(deployment, 'target'), readSide(deployment, 'green')]);
  for (const { arn, id } of sides) {
    if ((await readTags(arn))[executionTag] === run) continue;
    await addTags(arn, { [executionTag]: run });
    if ((await readTags(arn))[executionTag] !== run)
      throw new Busy(notYet(`${id} does not show the tag ${executionTag} yet`, tagsStay));
  }
}

/** Marks new production as going back by this execution, unless an open one has it. The last of two at once wins, and the other sees it. */
export async function claimGoingBack(deployment: Deployment, executionArn: string): Promise<Claim> {
  const { arn } = await readSide(deployment, 'green');
  const { [goingBackTag]: marked } = await readTags(arn);
  if (marked && marked !== executionArn && (await isOpen(marked)))
    return { other: marked, begunBefore: true };
  if (marked !== executionArn) await addTags(arn, { [goingBackTag]: executionArn });
  const { [goingBackTag]: now } = await readTags(arn);
  // A tag that was just set may take a moment to be read.
  if (now !== executionArn && (now === undefined || now === marked))
    throw new Busy(notYet('the mark on new production is not read yet', tagsStay));
  return { ...(now !== executionArn && { other: now }), begunBefore: marked !== undefined };
}
