import { refuseIfInUse } from '../../aws/facts/old-blue.ts';
import { readAddressedId } from '../../aws/facts/production-address.ts';
import { type DatabaseToDelete, deleteDatabases, readOldBlue } from '../../aws/rds/delete-databases.ts';
import { readAllRecords } from '../../aws/rds/deployment.ts';
import { readProductionId } from '../../aws/rds/names.ts';
import { readSnapshot } from '../../aws/rds/read.ts';
import { finalSnapshotName, judgeSnapshot } from '../../domain/close/final-snapshot.ts';
import { findDeletionObstacle } from '../../domain/close/old-blue-deletion.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { CleanupIncomplete } from '../../domain/model/errors.ts';
import { recordAddressOf } from '../../domain/way-back/address.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';
import type { Snapshot } from './take-final-snapshot.ts';

interface Event extends RunEvent {
  snapshot: Snapshot;
}

/** Deletes old blue by resource id, once it is proved that it has its final snapshots and that nobody has made it theirs meanwhile. */
export const handler = task('Delete old blue', async (event: Event): Promise<{ deleting: string[] }> => {
  const { deployment, executionArn } = event;
  const toDelete = await readOldBlue(deployment);
  await refuseUnlessProved(event, toDelete);
  await deleteDatabases(toDelete, executionArn, event.request.oldBlue);
  return { deleting: toDelete.map(({ id }) => id) };
});

async function refuseUnlessProved(
  { request, deployment, snapshot }: Event,
  toDelete: DatabaseToDelete[],
): Promise<void> {
  const { kind } = deployment.database;
  const withData = toDelete.filter(({ hasOwnData, status }) => hasOwnData && status !== 'deleting');
  for (const resourceId of new Set([deployment.blue.resourceId, ...withData.map((one) => one.resourceId)])) {
    const seen = judgeSnapshot(await readSnapshot(kind, finalSnapshotName(resourceId)), resourceId);
    if (seen.kind !== 'usable') throw new CleanupIncomplete(`${seen.because}; old blue is kept`);
  }
  const records = await readAllRecords();
  const obstacle = findDeletionObstacle({
    toDelete,
    ofOldBlue: resourceIdsOf(deployment),
    productionNames: productionNames(deployment),
    addresses: await readAddresses(request, deployment),
    green: deployment.green?.resourceId,
    records: records.map(({ id, pairs }) => ({
      id,
      arns: pairs.flatMap(({ source, target }) => (target ? [source, target] : [source])),
    })),
  });
  if (obstacle) throw new CleanupIncomplete(`${obstacle}; old blue is kept`);
  await refuseIfInUse(deployment, toDelete, Date.parse(snapshot.quietSince), clock.now());
}

/** RDS's own name, and the record of the request where there is one. */
async function readAddresses(request: Event['request'], deployment: Deployment) {
  const { database } = deployment;
  const name = { name: database.id, leadsTo: await readProductionId(database) };
  const record = recordAddressOf(request);
  if (!record) return [name];
  return [name, { name: record.recordName, leadsTo: await readAddressedId(request, deployment) }];
}

const resourceIdsOf = ({ blue }: Deployment) => [
  blue.resourceId,
  ...blue.members.map((member) => member.resourceId),
];

/** After the cut green has the names of production. */
const productionNames = ({ database, green }: Deployment) => [
  database.id,
  ...(green?.members.map(({ id }) => id) ?? []),
];
