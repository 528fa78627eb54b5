import type { ControlPlane } from './control-plane.ts';
import {
  applyTargetSettings,
  greenCluster,
  greenCustomEndpoint,
  greenInstance,
  targetVersion,
} from './green.ts';
import { recordLag } from './lag.ts';
import { settle } from './settling.ts';
import type { Timings } from './timings.ts';
import { arnOf, deploymentSource } from './world/deployments.ts';
import { customEndpoint, instanceEndpoint, readerEndpoint, writerEndpoint } from './world/endpoints.ts';
import {
  clusterById,
  customEndpointById,
  type Deployment,
  type Instance,
  instanceById,
} from './world/world.ts';

const durations: Record<string, keyof Timings> = {
  CREATING_READ_REPLICA_OF_SOURCE: 'createReplica',
  DB_ENGINE_VERSION_UPGRADE: 'upgradeEngine',
  CONFIGURE_BACKUPS: 'configureBackups',
  CREATING_TOPOLOGY_OF_SOURCE: 'createTopology',
  CREATE_DB_INSTANCES_FOR_CLUSTER: 'createTopology',
  CREATE_CUSTOM_ENDPOINTS: 'createEndpoints',
};

/** What green's primary says while a task runs. */
const statuses: Record<string, string> = {
  CREATING_READ_REPLICA_OF_SOURCE: 'creating',
  DB_ENGINE_VERSION_UPGRADE: 'upgrading',
  CONFIGURE_BACKUPS: 'backing-up',
};

const isStillBuilding = (deployment: Deployment) => deployment.status === 'PROVISIONING';

/** Builds green, task by task, until the deployment is AVAILABLE, has failed, or is deleted meanwhile. */
export async function provision(rds: ControlPlane, deployment: Deployment): Promise<void> {
  const fault = rds.faults.at('build');
  let build: Promise<{ failure: string | undefined }> | undefined;
  await rds.background.sleep(rds.timings.provisioningStart);
  for (const task of deployment.tasks) {
    if (!isStillBuilding(deployment)) return;
    task.Status = 'IN_PROGRESS';
    makeGreens(rds, deployment, task.Name ?? '');
    if (fault === 'never-ends') return;
    build ??= startBuild(rds, deployment, fault?.fail);
    rds.builds.set(deployment.id, build);
    await rds.background.sleep(rds.timings[durations[task.Name ?? ''] ?? 'createEndpoints']);
    const isLast = task === deployment.tasks.at(-1);
    if (isLast || fault?.task === task.Name) {
      const { failure } = await build;
      if (!isStillBuilding(deployment)) return;
      if (failure !== undefined) return failBuild(rds, deployment, task, failure);
    }
    if (task.Name === 'DB_ENGINE_VERSION_UPGRADE') applyTargetSettings(rds, deployment);
    task.Status = 'COMPLETED';
  }
  await becomeAvailable(rds, deployment);
}

async function startBuild(rds: ControlPlane, deployment: Deployment, scripted: string | undefined) {
  if (scripted !== undefined) return { failure: scripted };
  const blue = databaseOf(rds, deployment, 'blue');
  const green = databaseOf(rds, deployment, 'green');
  const engineVersion = targetVersion(rds, deployment);
  try {
    await rds.dataPlane.buildGreen({ deployment: deployment.id, blue, green, engineVersion });
    return { failure: undefined };
  } catch (failure) {
    return { failure: failure instanceof Error ? failure.message : String(failure) };
  }
}

/** Resource id in the data plane of one side of a deployment. */
export function databaseOf(rds: ControlPlane, deployment: Deployment, side: 'blue' | 'green'): string {
  const [source] = deployment.members;
  const id = source[side];
  const database = source.kind === 'cluster' ? id : instanceById(rds.world, id)?.database;
  if (!database) throw new Error(`${deployment.id} has no ${side} database`);
  return database;
}

/** The records of green appear with the task that makes them; each gets a name of its own. */
function makeGreens(rds: ControlPlane, deployment: Deployment, task: string): void {
  const [source, ...others] = deployment.members;
  const rows =
    task === 'CREATING_READ_REPLICA_OF_SOURCE'
      ? [source]
      : task === 'CREATE_CUSTOM_ENDPOINTS'
        ? others.filter(({ kind }) => kind === 'cluster-endpoint')
        : task === 'CREATING_TOPOLOGY_OF_SOURCE' || task === 'CREATE_DB_INSTANCES_FOR_CLUSTER'
          ? others.filter(({ kind }) => kind === 'db')
          : [];
  for (const row of rows) {
    // A member of blue that was deleted meanwhile gets no counterpart.
    if (!arnOf(rds.world, row.kind, row.blue)) continue;
    const make = { db: greenInstance, cluster: greenCluster, 'cluster-endpoint': greenCustomEndpoint }[
      row.kind
    ];
    row.green = make(rds, deployment, row.blue);
    row.greenArn = arnOf(rds.world, row.kind, row.green);
    row.status = 'PROVISIONING';
  }
  const status = statuses[task] ?? 'modifying';
  for (const instance of greenInstances(rds, deployment)) instance.DBInstanceStatus = status;
}

const greenInstances = (rds: ControlPlane, deployment: Deployment): Instance[] =>
  deployment.members.flatMap(({ green }) => instanceById(rds.world, green) ?? []);

function failBuild(
  rds: ControlPlane,
  deployment: Deployment,
  task: { Status?: string | undefined },
  reason: string,
): void {
  task.Status = 'FAILED';
  deployment.status = 'INVALID_CONFIGURATION';
  deployment.statusDetails = reason;
  rds.events.emit(
    deploymentSource(deployment),
    'failure',
    '0245',
    `Blue/green deployment ${deployment.name} creation failed: ${reason}`,
  );
  rds.background.run(() => comeToRest(rds, deployment));
}

/** What a failed build has made stays, and costs money: its instances are there like any others. */
async function comeToRest(rds: ControlPlane, deployment: Deployment): Promise<void> {
  await rds.background.sleep(rds.timings.settleMembers);
  for (const instance of greenInstances(rds, deployment))
    if (instance.DBInstanceStatus !== 'deleting') instance.DBInstanceStatus = 'available';
}

async function becomeAvailable(rds: ControlPlane, deployment: Deployment): Promise<void> {
  applyTargetSettings(rds, deployment);
  await openEndpoints(rds, deployment);
  rds.events.emit(
    deploymentSource(deployment),
    'creation',
    '0244',
    `Blue/green deployment ${deployment.name} tasks completed. You can modify the green environment or switch over.`,
  );
  await rds.background.sleep(rds.timings.eventLead);
  if (!isStillBuilding(deployment)) return;
  deployment.status = 'AVAILABLE';
  for (const member of deployment.members) member.status = 'AVAILABLE';
  rds.background.run(() => recordLag(rds, deployment));
  await settle(rds, deployment);
}

async function openEndpoints(rds: ControlPlane, deployment: Deployment): Promise<void> {
  const green = databaseOf(rds, deployment, 'green');
  const names = deployment.members.flatMap(({ kind, green: id }) => {
    if (kind === 'db') return instanceEndpoint(instanceById(rds.world, id)?.DBInstanceIdentifier ?? '');
    if (kind === 'cluster-endpoint')
      return customEndpoint(customEndpointById(rds.world, id)?.DBClusterEndpointIdentifier ?? '');
    const name = clusterById(rds.world, id)?.DBClusterIdentifier ?? '';
    return [writerEndpoint(name), readerEndpoint(name)];
  });
  for (const name of names.filter(Boolean)) await rds.dataPlane.pointEndpoint(name, green);
}
