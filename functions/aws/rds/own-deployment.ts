import type { Deployment } from '../../domain/model/deployment.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import { executionTag } from '../../domain/model/tags.ts';
import { type DeploymentRecord, readRecord } from './deployment.ts';

/**
 * The record of the run's own deployment, by id; undefined when RDS does not list it. One that names another run is an error: nothing
 * that is not ours is looked at, let alone changed.
 */
export async function readOurRecord(
  deployment: Deployment,
  executionArn: string,
): Promise<DeploymentRecord | undefined> {
  if (!deployment.id) throw new UnexpectedState(`the run has no deployment for ${deployment.database.id}`);
  const record = await readRecord(deployment.id);
  if (record && record.tags[executionTag] !== executionArn)
    throw new UnexpectedState(
      `the deployment ${record.id} names ${record.tags[executionTag] ?? 'no run'} in its tag ${executionTag}: it is not this run's any more`,
    );
  return record;
}
