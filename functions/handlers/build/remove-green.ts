import { type DatabaseToDelete, readDatabasesToDelete } from '../../aws/rds/databases-to-delete.ts';
import { goneIsBusy } from '../../aws/readings/gone-is-busy.ts';
import { readTags } from '../../aws/rds/read.ts';
import { addTags, deleteDeploymentAndGreen, turnOffDeletionProtection } from '../../aws/rds/write.ts';
import {
  type DeploymentRecord,
  lookAtDeployment,
  readRecord,
  readRecordByName,
} from '../../aws/rds/deployment.ts';
import { readProductionId } from '../../aws/rds/production.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, OutcomeUnknown } from '../../domain/model/errors.ts';
import { executionTag, removableTag } from '../../domain/model/tags.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { findRemovalObstacle } from '../../domain/build/green-removal.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/**
 * Deletes the deployment of this run together with green, after it has read that blue serves. Nothing of ours, or already
 * on its way: nothing is done. A deployment whose Create response was lost is found by its name.
 */
export const handler = task('Remove green', async (event: RunEvent): Promise<Deployment> => {
  const { deployment, executionArn } = event;
  const record = deployment.id ? await readRecord(deployment.id) : await readRecordByName(deployment.name);
  if (!record || record.tags[executionTag] !== executionArn) return deployment;
  const look = await lookAtDeployment(record, deployment.database.kind);
  const green = look?.green ?? deployment.green;
  const left = green ? await readDatabasesToDelete(deployment.database, green) : [];
  await refuseUnlessBlueServes(deployment, record, left);
  const found: Deployment = { ...deployment, id: record.id, status: record.status, ...(green && { green }) };
  if (deploymentPhase(record.status) === 'deleting') return found;
  await goneIsBusy(async () => {
    await markRemovable(left, executionArn);
    await unprotect(left);
    await deleteDeploymentAndGreen(record.id);
  });
  return { ...found, status: 'DELETING' };
});

async function refuseUnlessBlueServes(
  { database, blue }: Deployment,
  { status }: DeploymentRecord,
  green: DatabaseToDelete[],
): Promise<void> {
  const obstacle = findRemovalObstacle({
    status,
    production: await readProductionId(database),
    blue: blue.resourceId,
    green,
    productionNames: [database.id, ...blue.members.map(({ id }) => id)],
  });
  if (obstacle) throw new OutcomeUnknown(`green is not removed: ${obstacle}`);
}

/**
 * The permission to delete asks for this tag, and the cut wipes it: a deletion that comes too late is refused by IAM. It is
 * used by the next attempt, so that it is seen by then.
 */
async function markRemovable(databases: DatabaseToDelete[], executionArn: string): Promise<void> {
  const tags = await Promise.all(databases.map(({ arn }) => readTags(arn)));
  const unmarked = databases.filter((_, index) => tags[index]?.[removableTag] !== executionArn);
  for (const { arn } of unmarked) await addTags(arn, { [removableTag]: executionArn });
  if (unmarked.length > 0)
    throw new Busy(`${unmarked.map(({ id }) => id).join(', ')} was marked as removable just now`);
}

/** Green inherits the protection of blue. The change takes a moment, and RDS refuses the deletion until then. */
async function unprotect(databases: DatabaseToDelete[]): Promise<void> {
  const protectedOnes = databases.filter(({ deletionProtection }) => deletionProtection);
  for (const { kind, id } of protectedOnes) await turnOffDeletionProtection(kind, id);
  if (protectedOnes.length > 0)
    throw new Busy(
      `deletion protection of ${protectedOnes.map(({ id }) => id).join(', ')} is being turned off`,
    );
}
