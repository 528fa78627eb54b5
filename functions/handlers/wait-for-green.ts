import { readOurRecord } from '../aws/our-record.ts';
import { readFailures } from '../aws/rds-events.ts';
import { lookAtDeployment, namesOf } from '../aws/read-deployment.ts';
import type { Deployment } from '../domain/deployment.ts';
import { ProvisioningFailed } from '../domain/errors.ts';
import { judgeReadiness } from '../domain/readiness.ts';
import { clock } from '../runtime/clock.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

/** How far back failure events are of interest: a build may take a week. Milliseconds. */
const buildTime = 7 * 86_400_000;

/** Green is ready when the deployment, its tasks and every member of both sides say so in one look. */
export const handler = wait('Wait for green', async (event: WaitingRunEvent): Promise<Look<Deployment>> => {
  const { request, deployment, executionArn } = event;
  const record = await readOurRecord(deployment, executionArn);
  if (!record) return { kind: 'not-yet', because: `RDS does not list the deployment ${deployment.id}` };
  const look = await lookAtDeployment(record, deployment.database.kind);
  if (look?.blue.resourceId !== deployment.blue.resourceId)
    throw new ProvisioningFailed(
      `blue is not the database any more that the run began with (${deployment.blue.resourceId})`,
    );
  const wanted = { engineVersion: request.target.engineVersion ?? deployment.blue.engineVersion };
  const verdict = judgeReadiness(look, wanted);
  if (verdict.kind === 'ready') return { kind: 'ready', facts: { ...deployment, ...verdict.facts } };
  if (verdict.kind === 'not-yet') return verdict;
  const failureEvents = await readFailures(namesOf(record), clock.now() - buildTime);
  const explained = judgeReadiness({ ...look, failureEvents }, wanted);
  throw new ProvisioningFailed(explained.kind === 'ready' ? verdict.because : explained.because);
});
