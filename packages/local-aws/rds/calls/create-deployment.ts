import type { CreateBlueGreenDeploymentCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { provision } from '../provisioning.ts';
import { checkQuota } from '../world/account.ts';
import { copyOf } from '../world/copy.ts';
import { presentDeployment, touchDeployment } from '../world/deployments.ts';
import { invalidValue } from '../world/refusals.ts';
import { type Deployment, type DeploymentMember, instancesOf, type World } from '../world/world.ts';
import { checkCreation, type Source, sourceOf } from './creation-checks.ts';
import { checkTags } from './tags.ts';

/** CreateBlueGreenDeployment: refuses what RDS refuses at once, answers, and builds green in the background. */
export function createDeployment(
  rds: ControlPlane,
  input: CreateBlueGreenDeploymentCommandInput,
  touch: (touched: Touched) => void,
) {
  const { world } = rds;
  const name = input.BlueGreenDeploymentName ?? '';
  if (name.length > 60 || !/^[a-z](?:-?[a-z0-9]+)*$/i.test(name))
    throw invalidValue(`Invalid BlueGreenDeploymentName: ${name}`);
  const tags = checkTags(input.Tags);
  if (world.deployments.some((deployment) => deployment.name.toLowerCase() === name.toLowerCase()))
    throw new AwsError(
      'BlueGreenDeploymentAlreadyExistsFault',
      `A Blue Green Deployment with the name '${name}' already exists`,
    );
  const source = sourceOf(world, input.Source);
  checkCreation(rds, source, input);
  const members = membersOf(world, source);
  checkRoom(world, source, members);
  const id = rds.names.deploymentId();
  const deployment: Deployment = {
    id,
    name,
    arn: rds.names.arn('deployment', id),
    request: copyOf(input),
    engine: source.engine,
    members,
    tasks: tasksOf(source, members, input).map((Name) => ({ Name, Status: 'PENDING' })),
    status: 'PROVISIONING',
    statusDetails: undefined,
    createTime: new Date(rds.clock.now()),
    deleteTime: undefined,
    tags,
    switched: false,
  };
  world.deployments.push(deployment);
  touch(touchDeployment(rds, deployment));
  touch(rds.touched(members[0].blue, members[0].blueArn));
  rds.background.run(() => provision(rds, deployment));
  return { BlueGreenDeployment: presentDeployment(world, deployment) };
}

function membersOf(world: World, source: Source): [DeploymentMember, ...DeploymentMember[]] {
  const row = (kind: DeploymentMember['kind'], blue: string, blueArn: string): DeploymentMember => ({
    kind,
    blue,
    blueArn,
    green: undefined,
    greenArn: undefined,
    status: undefined,
  });
  if (source.kind === 'db') {
    const { instance } = source;
    const replicas = world.instances.filter(
      (known) => known.ReadReplicaSourceDBInstanceIdentifier === instance.DBInstanceIdentifier,
    );
    return [
      row('db', instance.DbiResourceId, instance.DBInstanceArn),
      ...replicas.map((replica) => row('db', replica.DbiResourceId, replica.DBInstanceArn)),
    ];
  }
  const { cluster } = source;
  return [
    row('cluster', cluster.DbClusterResourceId, cluster.DBClusterArn),
    ...instancesOf(world, cluster).map((instance) =>
      row('db', instance.DbiResourceId, instance.DBInstanceArn),
    ),
    ...world.customEndpoints
      .filter((endpoint) => endpoint.DBClusterIdentifier === cluster.DBClusterIdentifier)
      .map((endpoint) =>
        row('cluster-endpoint', endpoint.DBClusterEndpointResourceIdentifier, endpoint.DBClusterEndpointArn),
      ),
  ];
}

/** Green doubles everything, so it must fit into the account. */
function checkRoom(world: World, source: Source, members: DeploymentMember[]): void {
  checkQuota(world, 'DBInstances', members.filter(({ kind }) => kind === 'db').length);
  if (source.kind === 'cluster') checkQuota(world, 'DBClusters', 1);
  else checkQuota(world, 'AllocatedStorage', source.instance.AllocatedStorage ?? 0);
}

function tasksOf(
  source: Source,
  members: DeploymentMember[],
  input: CreateBlueGreenDeploymentCommandInput,
): string[] {
  const upgrade = input.TargetEngineVersion !== undefined && input.TargetEngineVersion !== source.version;
  const first = ['CREATING_READ_REPLICA_OF_SOURCE', ...(upgrade ? ['DB_ENGINE_VERSION_UPGRADE'] : [])];
  if (source.kind === 'db')
    return [...first, 'CONFIGURE_BACKUPS', ...(members.length > 1 ? ['CREATING_TOPOLOGY_OF_SOURCE'] : [])];
  const hasEndpoints = members.some(({ kind }) => kind === 'cluster-endpoint');
  return [...first, 'CREATE_DB_INSTANCES_FOR_CLUSTER', ...(hasEndpoints ? ['CREATE_CUSTOM_ENDPOINTS'] : [])];
}
