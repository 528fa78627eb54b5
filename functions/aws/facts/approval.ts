import { type GoingBackPlan, hashOfGoingBack } from '../../domain/approval/going-back.ts';
import { describeChangedPlan, planHash } from '../../domain/build/plan-hash.ts';
import { judgeReadiness } from '../../domain/build/readiness.ts';
import { wantedVersion } from '../../domain/build/wanted-version.ts';
import { judgeLag } from '../../domain/hold/lag.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { ProvisioningFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { type Reading, read, unreadable } from '../../domain/model/reading.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { readLag } from '../cloudwatch/lag.ts';
import { refuseStorageHarm } from '../cloudwatch/storage.ts';
import { lookAtDeployment } from '../rds/deployment.ts';
import { readOurRecord } from '../rds/own-deployment.ts';
import { readSide } from '../rds/side.ts';
import { findLostBlue, type Run } from './readiness.ts';

/**
 * The facts that people decide on, read now. Members may be at work; a deployment that cannot be switched any more, or
 * one that is not what was checked, is an error: nobody is to approve it.
 * @param now milliseconds since the epoch
 */
export async function readApprovalFacts(
  run: Run & { goingBack?: GoingBackPlan },
  now: number,
): Promise<Reading<Deployment>> {
  return run.goingBack ? readBothSides(run.deployment, run.goingBack) : readSwitchover(run, now);
}

/** New production and the rollback target as they are now. */
async function readBothSides(deployment: Deployment, plan: GoingBackPlan): Promise<Reading<Deployment>> {
  if (hashOfGoingBack(plan) !== deployment.planHash)
    throw new UnexpectedState('the plan of going back is not the one that is asked about; start again');
  const [green, target] = await Promise.all([readSide(deployment, 'green'), readSide(deployment, 'target')]);
  const isClone = targetOf(deployment) === deployment.clone;
  return read({ ...deployment, green, ...(isClone ? { clone: target } : { blue: target }) });
}

async function readSwitchover(run: Run, now: number): Promise<Reading<Deployment>> {
  const { request, deployment } = run;
  const record = await readOurRecord(deployment, run.executionArn);
  const look = record && (await lookAtDeployment(record, deployment.database.kind));
  const lost = await findLostBlue(deployment, look);
  if (lost) throw new ProvisioningFailed(lost);
  if (!record || !look?.green) return unreadable(`RDS does not list all of the deployment ${deployment.id}`);
  const wanted = { engineVersion: wantedVersion(request, deployment), takenUp: request.adopt !== undefined };
  const verdict = judgeReadiness(look, wanted);
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  const { blue, green, status } = look;
  if (planHash({ deploymentId: record.id, blue, green }) !== deployment.planHash)
    throw new UnexpectedState(describeChangedPlan(deployment, look));
  const storage = await refuseStorageHarm({ ...deployment, blue }, now);
  const lag = await readLag(deployment, { blue, green }, now);
  const behind = judgeLag(lag, request.lag, now);
  const inTheWay = [verdict, behind].flatMap((one) => (one.kind === 'not-yet' ? [one.because] : []));
  return read({ ...deployment, blue, green, status, lag, inTheWay, ...(storage && { storage }) });
}
