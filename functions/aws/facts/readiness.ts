import { describeLostBlue, isWhole } from '../../domain/build/lost-blue.ts';
import { judgeReadiness, type Readiness, type ReadySides } from '../../domain/build/readiness.ts';
import { wantedVersion } from '../../domain/build/wanted-version.ts';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy, ProvisioningFailed } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import type { Request } from '../../domain/request/request.ts';
import { lookAtDeployment, namesOf } from '../rds/deployment.ts';
import { readFailures } from '../rds/events.ts';
import { readOurRecord } from '../rds/own-deployment.ts';
import { asSide, readSideAgain } from '../rds/side.ts';

const deleted = 'look in CloudTrail whether somebody deleted it';

/** How far back failure events are of interest: a build may take a week. Milliseconds. */
const buildTime = 7 * 86_400_000;

/** The run that looks. */
export interface Run {
  executionArn: string;
  request: Request;
  deployment: Deployment;
}

/**
 * Whether the deployment and both its sides are ready now. A no carries what RDS says about it.
 * @param now milliseconds since the epoch
 */
export async function readReadiness(
  { executionArn, request, deployment }: Run,
  now: number,
): Promise<Readiness> {
  const record = await readOurRecord(deployment, executionArn);
  if (!record) return notYet(`RDS does not list the deployment ${deployment.id}`, deleted);
  const look = await lookAtDeployment(record, deployment.database.kind);
  const lost = await findLostBlue(deployment, look);
  if (lost) return { kind: 'no', because: lost };
  if (!look) return notYet(`RDS does not list ${deployment.blue.id} just now`, deleted);
  const wanted = { engineVersion: wantedVersion(request, deployment), takenUp: request.adopt !== undefined };
  const verdict = judgeReadiness(look, wanted);
  if (verdict.kind !== 'no') return verdict;
  const failureEvents = await readFailures(namesOf(record), now - buildTime);
  return judgeReadiness({ ...look, failureEvents }, wanted);
}

/** Why blue is not any more what the run began with. An answer by name may be late, so the resource ids decide. */
export async function findLostBlue(
  { database, blue }: Run['deployment'],
  look: { blue: Side } | undefined,
): Promise<string | undefined> {
  if (isWhole(blue, look?.blue)) return undefined;
  const raw = await readSideAgain(database.kind, blue);
  return describeLostBlue(blue, raw && asSide(raw));
}

/**
 * Both sides as they are now, for a task that needs them ready: not yet is Busy, and the task runs again.
 * @param now milliseconds since the epoch
 */
export async function readReadySides(run: Run, now: number): Promise<ReadySides> {
  const verdict = await readReadiness(run, now);
  if (verdict.kind === 'ready') return verdict.facts;
  throw verdict.kind === 'no' ? new ProvisioningFailed(verdict.because) : new Busy(verdict);
}
