import { classifyError } from '../../aws/errors.ts';
import { findRival } from '../../aws/facts/run-lock.ts';
import {
  type DeploymentRecord,
  deploymentArn,
  readRecord,
  readRecordByName,
} from '../../aws/rds/deployment.ts';
import { readTags } from '../../aws/rds/read.ts';
import { addTags, createDeployment } from '../../aws/rds/write.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, PreconditionFailed, ProvisioningFailed } from '../../domain/model/errors.ts';
import { lookAtRds, notYet, tagsStay } from '../../domain/model/not-yet.ts';
import { databaseTag, executionTag, judgeOwnership } from '../../domain/model/tags.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/**
 * Creates the deployment, or takes up the one that an earlier attempt of this run created. RDS refuses a second deployment
 * of the same name, so of two runs that create at the same time one gets that error and reads whose it is.
 */
export const handler = task('Create green', async (event: RunEvent): Promise<Deployment> => {
  const { executionArn, request, deployment } = event;
  const record = request.adopt ? await readRecord(request.adopt) : await readRecordByName(deployment.name);
  const { id, name, status } = record ? await takeUp(record, event) : await create(event);
  await refuseRival(deployment.database.arn, executionArn);
  return { ...deployment, id, name, status };
});

async function takeUp(record: DeploymentRecord, { executionArn, request, deployment }: RunEvent) {
  const run = { executionArn, source: deployment.database.arn, adopt: request.adopt };
  const ownership = judgeOwnership(record, run);
  if (ownership.kind === 'foreign') throw new PreconditionFailed(ownership.because);
  if (ownership.kind === 'to-adopt') await adopt(record, deployment, executionArn);
  return record;
}

/** Marks the deployment as this run's, and goes on only when two readings say that it stayed so. */
async function adopt(
  record: DeploymentRecord,
  { database }: Deployment,
  executionArn: string,
): Promise<void> {
  const arn = deploymentArn(database, record.id);
  await refuseOwner(arn, record.tags, executionArn);
  await addTags(arn, { [executionTag]: executionArn, [databaseTag]: database.id });
  for (let readings = 0; readings < 2; readings += 1) {
    await clock.sleep(2_000);
    const again = await readRecord(record.id);
    await refuseOwner(arn, again?.tags ?? {}, executionArn);
    if (again?.tags[executionTag] !== executionArn)
      throw new Busy(
        notYet(`the deployment ${record.id} does not show the tag ${executionTag} of this run yet`, tagsStay),
      );
  }
}

async function refuseRival(arn: string, executionArn: string): Promise<void> {
  await refuseOwner(arn, await readTags(arn), executionArn);
}

async function refuseOwner(arn: string, tags: Record<string, string>, executionArn: string): Promise<void> {
  const rival = await findRival(tags, executionArn);
  if (rival)
    throw new PreconditionFailed(
      `${arn} belongs to ${rival}, which is not over as far as can be seen; wait for its end`,
    );
}

async function create({
  executionArn,
  request,
  deployment,
}: RunEvent): Promise<{ id: string; name: string; status: string }> {
  if (request.adopt)
    throw new PreconditionFailed(`there is no deployment ${request.adopt} to take up; leave "adopt" out`);
  const { engineVersion, parameterGroup, clusterParameterGroup, instanceClass, storage } = request.target;
  try {
    const { name } = deployment;
    const created = await createDeployment({
      name,
      source: deployment.database.arn,
      tags: { [executionTag]: executionArn, [databaseTag]: deployment.database.id },
      target: {
        TargetEngineVersion: engineVersion,
        TargetDBParameterGroupName: parameterGroup,
        TargetDBClusterParameterGroupName: clusterParameterGroup,
        TargetDBInstanceClass: instanceClass,
        TargetAllocatedStorage: storage?.allocatedGiB,
        TargetStorageType: storage?.type,
        TargetIops: storage?.iops,
        TargetStorageThroughput: storage?.throughput,
      },
    });
    return { ...created, name };
  } catch (error) {
    throw translateRefusal(error, deployment.name);
  }
}

function translateRefusal(error: unknown, name: string): unknown {
  const { name: code, message } = error as Error;
  if (code === 'BlueGreenDeploymentAlreadyExistsFault')
    return new Busy(
      notYet(
        `RDS says that ${name} exists and does not list it yet; it is looked for again`,
        lookAtRds('the deployments'),
      ),
      { cause: error },
    );
  const kind = classifyError(error);
  if (kind !== 'refused' && kind !== 'missing') return error;
  return new ProvisioningFailed(`RDS refused to build green (${code}: ${message})`, { cause: error });
}
