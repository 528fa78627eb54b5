import type { Deployment } from '../domain/deployment.ts';
import { ProvisioningFailed, UnexpectedState } from '../domain/errors.ts';
import { planHash } from '../domain/plan-hash.ts';
import { judgeReadiness } from '../domain/readiness.ts';
import { type Reading, read, unreadable } from '../domain/reading.ts';
import { readOurRecord } from './our-record.ts';
import { lookAtDeployment } from './read-deployment.ts';
import { readLag } from './read-lag.ts';
import type { Run } from './read-readiness.ts';

/**
 * The facts that people decide on, read now. Members may be at work; a deployment that cannot be switched any more, or
 * one that is not what was checked, is an error: nobody is to approve it.
 * @param now milliseconds since the epoch
 */
export async function readApprovalFacts(run: Run, now: number): Promise<Reading<Deployment>> {
  const { request, deployment } = run;
  const record = await readOurRecord(deployment, run.executionArn);
  const look = record && (await lookAtDeployment(record, deployment.database.kind));
  if (!record || !look?.green) return unreadable(`RDS does not list all of the deployment ${deployment.id}`);
  const wanted = { engineVersion: request.target.engineVersion ?? deployment.blue.engineVersion };
  const verdict = judgeReadiness(look, wanted);
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  const { blue, green, status } = look;
  if (planHash({ deploymentId: record.id, blue, green }) !== deployment.planHash)
    throw new UnexpectedState(
      'blue or green is not any more what was checked; look at what changed it, then start again',
    );
  const lag = await readLag(deployment, { blue, green }, now);
  return read({ ...deployment, blue, green, status, lag });
}
