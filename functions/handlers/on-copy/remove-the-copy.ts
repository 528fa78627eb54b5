import {
  deleteCopies,
  deleteDeploymentOf,
  readCopiesOf,
  readDeploymentsOf,
} from '../../aws/rds/remove-copies.ts';
import { readRun, stopExecution } from '../../aws/step-functions/executions.ts';
import type { RehearsalEnd } from '../../domain/model/ends.ts';
import { RequestInvalid } from '../../domain/model/errors.ts';
import { executionPrefix } from '../../domain/model/execution-arn.ts';
import type { Failure } from '../../domain/model/failure.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { namesOfExecutions } from '../../domain/on-copy/copy.ts';
import { composeRehearsal } from '../../domain/on-copy/outcome.ts';
import type { Rehearsed } from '../../domain/on-copy/rehearsal.ts';
import type { Outcome } from '../../domain/outcome/outcome.ts';
import { env } from '../../runtime/env.ts';
import { type Look, type WaitEvent, wait } from '../../tasks/wait.ts';

interface Event extends WaitEvent {
  /** The input: `{ removeCopyOf }` of a clean-up, or the request of the rehearsal. */
  request: { removeCopyOf?: unknown; database?: unknown } | null;
  rehearsed: Rehearsed | null;
  failure: Failure | null;
  end: RehearsalEnd;
}

const remedy = 'delete in the console of RDS what carries the tag viridian:copy';

/**
 * Deletes everything that a rehearsal has made, a step at a look, and is ready when nothing is left: first it stops what runs on the copy,
 * then the deployment goes, then the databases. It can be begun anywhere and again, and for a rehearsal that was itself stopped.
 */
export const handler = wait('Remove the copy', async (event: Event): Promise<Look<Outcome>> => {
  const { executionArn, request, rehearsed, failure, end } = event;
  const rehearsal = await findRehearsal(executionArn, request?.removeCopyOf);
  const { run, goingBack } = namesOfExecutions(rehearsal);
  const runArn = `${executionPrefix(env('STATE_MACHINE_ARN'))}${run}`;
  const running = [
    await stopIfOpen(runArn),
    await stopIfOpen(`${executionPrefix(env('ROLL_BACK_STATE_MACHINE_ARN'))}${goingBack}`),
  ];
  if (running.some((one) => one)) return notYet('what ran on the copy was stopped just now', remedy);
  for (const deployment of await readDeploymentsOf(runArn)) {
    const busy = await deleteDeploymentOf(deployment);
    return notYet(busy ?? `the deployment ${deployment.id} is being deleted`, remedy);
  }
  const copies = await readCopiesOf(rehearsal);
  await deleteCopies(copies);
  if (copies.length > 0)
    return notYet(`${copies.map(({ name }) => name).join(', ')} are being deleted`, remedy);
  const database = typeof request?.database === 'string' ? request.database : null;
  return {
    kind: 'ready',
    facts: composeRehearsal({ executionArn, database, end, rehearsed, failure, runbook: env('RUNBOOK') }),
  };
});

/** The rehearsal whose copy is removed: this one, or an earlier one that has ended. */
async function findRehearsal(executionArn: string, asked: unknown): Promise<string> {
  if (asked === undefined) return executionArn;
  if (typeof asked !== 'string' || !asked.startsWith(executionPrefix(env('REHEARSAL_STATE_MACHINE_ARN'))))
    throw new RequestInvalid('removeCopyOf: is not the ARN of a rehearsal of this stack');
  const earlier = await readRun(asked);
  if (earlier && earlier.endedAt === undefined && asked !== executionArn)
    throw new RequestInvalid('removeCopyOf: that rehearsal is open, and removes its copy itself');
  return asked;
}

/** @returns whether it was open */
async function stopIfOpen(executionArn: string): Promise<boolean> {
  const run = await readRun(executionArn);
  if (!run || run.endedAt !== undefined) return false;
  await stopExecution(executionArn, 'its rehearsal removes the copy');
  return true;
}
