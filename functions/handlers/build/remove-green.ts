import { type DatabaseToDelete, readDatabasesToDelete, removeGreen } from '../../aws/rds/delete-databases.ts';
import {
  type DeploymentRecord,
  lookAtDeployment,
  readRecord,
  readRecordByName,
} from '../../aws/rds/deployment.ts';
import { readProductionId } from '../../aws/rds/names.ts';
import { readReaderHost } from '../../aws/rds/readers.ts';
import { readReads } from '../../aws/route53/reads.ts';
import { findRemovalObstacle } from '../../domain/build/green-removal.ts';
import { findNewOwner, withProtectionOf } from '../../domain/close/changed-hands.ts';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { CleanupIncomplete, OutcomeUnknown } from '../../domain/model/errors.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { executionTag } from '../../domain/model/tags.ts';
import { readsRecordOf, shareOf } from '../../domain/read-ramp/record.ts';
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
  refuseIfTaken(deployment, look?.green, left);
  await refuseUnderReaders(event, look?.green ?? deployment.green);
  await removeGreen(record.id, left, executionArn);
  return { ...found, status: 'DELETING' };
});

/** Readers are never left at a database that goes. */
async function refuseUnderReaders({ request, deployment }: RunEvent, green: Side | undefined): Promise<void> {
  const record = readsRecordOf(request);
  if (!record || !green) return;
  const [seen, host] = await Promise.all([
    readReads(record),
    readReaderHost(deployment.database.kind, green),
  ]);
  const share = shareOf(seen, host);
  if (share > 0)
    throw new CleanupIncomplete(
      `${share} % of the readers of ${record.recordName} are led to green; green and its deployment are kept`,
    );
}

/** Green has the protection of blue from the beginning; any other is a person's, and so is a rename, a promotion, a replica, an instance. */
function refuseIfTaken({ blue, green }: Deployment, now: Side | undefined, left: DatabaseToDelete[]): void {
  const known = green ?? now;
  const owner = known && findNewOwner(withProtectionOf(known, blue), left);
  if (owner) throw new CleanupIncomplete(`${owner}; green and its deployment are kept`);
}

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
