import type { DeleteBlueGreenDeploymentCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { touchCluster } from '../world/clusters.ts';
import {
  deploymentSource,
  findDeployment,
  presentDeployment,
  touchDeployment,
} from '../world/deployments.ts';
import { touchInstance } from '../world/instances.ts';
import { parameterGroupNamed, parameterValue } from '../world/parameter-groups.ts';
import { invalidCombination, invalidDeploymentState } from '../world/refusals.ts';
import {
  type Cluster,
  clusterById,
  type Deployment,
  type Instance,
  instanceById,
  isAurora,
  isPostgres,
} from '../world/world.ts';
import { closeEndpoints, forgetCluster, forgetInstance } from './removal.ts';

/** DeleteBlueGreenDeployment: the record goes, and with `DeleteTarget` (before the switchover only) green as well. */
export function deleteDeployment(
  rds: ControlPlane,
  input: DeleteBlueGreenDeploymentCommandInput,
  touch: (touched: Touched) => void,
) {
  const deployment = findDeployment(rds.world, input.BlueGreenDeploymentIdentifier);
  if (['SWITCHOVER_IN_PROGRESS', 'DELETING'].includes(deployment.status))
    throw invalidDeploymentState(
      `Blue/green deployment ${deployment.id} can't be deleted in status ${deployment.status}`,
    );
  if (deployment.switched && input.DeleteTarget !== undefined)
    throw invalidCombination("DeleteTarget can't be specified after a completed switchover");
  const green = greenOf(rds, deployment);
  if (input.DeleteTarget) checkUnprotected(green);
  touch(touchDeployment(rds, deployment));
  deployment.status = 'DELETING';
  deployment.deleteTime = new Date(rds.clock.now());
  const answer = presentDeployment(rds.world, deployment);
  if (input.DeleteTarget) {
    for (const instance of green.instances) touch(touchInstance(rds, instance));
    if (green.cluster) touch(touchCluster(rds, green.cluster));
    rds.background.run(() => removeGreen(rds, deployment, green));
  }
  rds.background.run(() => removeRecord(rds, deployment, input.DeleteTarget === true));
  return { BlueGreenDeployment: answer };
}

interface Green {
  instances: Instance[];
  cluster: Cluster | undefined;
}

function greenOf(rds: ControlPlane, deployment: Deployment): Green {
  return {
    instances: deployment.members.flatMap(({ green }) => instanceById(rds.world, green) ?? []),
    cluster: clusterById(rds.world, deployment.members[0].green),
  };
}

function checkUnprotected(green: Green): void {
  if (green.cluster?.DeletionProtection)
    throw invalidCombination(
      'Cannot delete protected Cluster, please disable deletion protection and try again.',
    );
  if (green.instances.some((instance) => instance.DeletionProtection))
    throw invalidCombination(
      'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    );
}

async function removeRecord(rds: ControlPlane, deployment: Deployment, withTarget: boolean): Promise<void> {
  await rds.background.sleep(rds.timings.deleteDeployment);
  if (!withTarget) await release(rds, deployment);
  rds.world.deployments.splice(rds.world.deployments.indexOf(deployment), 1);
  rds.events.emit(
    deploymentSource(deployment),
    'deletion',
    '0246',
    `Blue/green deployment ${deployment.name} deleted.`,
  );
}

/** What happens to the two sides when only the record goes. */
async function release(rds: ControlPlane, deployment: Deployment): Promise<void> {
  const { engine, switched } = deployment;
  // MySQL's binlog replication from blue to a kept green goes on; a PostgreSQL green is promoted.
  if (!switched && !isPostgres(engine)) return;
  await rds.builds.get(deployment.id);
  await rds.dataPlane.endReplication(deployment.id);
  if (!switched) return detachGreen(rds, deployment);
  if (!isAurora(engine)) return;
  const oldBlue = clusterById(rds.world, deployment.members[0].blue);
  if (!oldBlue) return;
  if (!isReadOnlyByParameter(rds, oldBlue))
    await rds.dataPlane.setWritable(oldBlue.DbClusterResourceId, true);
  await rds.dataPlane.endGuard(oldBlue.DbClusterResourceId);
}

/** The forced read-only state of old blue ends with the record; a parameter group may keep it read-only. */
function isReadOnlyByParameter(rds: ControlPlane, cluster: Cluster): boolean {
  const group = parameterGroupNamed(rds.world, 'cluster', cluster.DBClusterParameterGroup);
  const name = isPostgres(cluster.Engine) ? 'default_transaction_read_only' : 'read_only';
  return ['1', 'on', 'ON'].includes(parameterValue(group, name) ?? '');
}

/** A promoted green is nobody's replica. */
function detachGreen(rds: ControlPlane, deployment: Deployment): void {
  const green = instanceById(rds.world, deployment.members[0].green);
  const blue = instanceById(rds.world, deployment.members[0].blue);
  if (!green) return;
  green.ReadReplicaSourceDBInstanceIdentifier = undefined;
  if (!blue) return;
  blue.ReadReplicaDBInstanceIdentifiers = blue.ReadReplicaDBInstanceIdentifiers?.filter(
    (name) => name !== green.DBInstanceIdentifier,
  );
}

async function removeGreen(rds: ControlPlane, deployment: Deployment, green: Green): Promise<void> {
  for (const instance of green.instances) instance.DBInstanceStatus = 'deleting';
  if (green.cluster) green.cluster.Status = 'deleting';
  await closeEndpoints(rds, green.instances, green.cluster);
  await rds.builds.get(deployment.id);
  await rds.background.sleep(rds.timings.deleteDatabase);
  const database = green.cluster?.DbClusterResourceId ?? green.instances[0]?.database;
  // First the database, then the replication: ending it would promote a green that is still there.
  if (database) await rds.dataPlane.removeDatabase(database);
  await rds.dataPlane.endReplication(deployment.id);
  for (const instance of green.instances) forgetInstance(rds, instance);
  if (green.cluster) forgetCluster(rds, green.cluster);
}
