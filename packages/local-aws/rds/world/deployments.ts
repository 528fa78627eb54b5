import type { BlueGreenDeployment, DescribeBlueGreenDeploymentsCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import { copyOf } from './copy.ts';
import { applyFilters, page } from './paging.ts';
import { deploymentNotFound } from './refusals.ts';
import {
  clusterById,
  customEndpointById,
  type Deployment,
  type DeploymentMember,
  instanceById,
  type World,
} from './world.ts';

/** The deployment of this id (case does not matter); an unknown one is refused. */
export function findDeployment(world: World, id: string | undefined): Deployment {
  const deployment = world.deployments.find((known) => known.id === id?.toLowerCase());
  if (!deployment) throw deploymentNotFound(id ?? '');
  return deployment;
}

/** DescribeBlueGreenDeployments: an unknown id is refused, filters that match nothing give an empty list. */
export function describeDeployments(
  _rds: ControlPlane,
  world: World,
  input: DescribeBlueGreenDeploymentsCommandInput,
) {
  const asked = input.BlueGreenDeploymentIdentifier
    ? [findDeployment(world, input.BlueGreenDeploymentIdentifier)]
    : world.deployments;
  const filtered = applyFilters(asked, input.Filters, {
    'blue-green-deployment-identifier': (deployment) => [deployment.id],
    'blue-green-deployment-name': (deployment) => [deployment.name],
    source: (deployment) => [blueArn(world, deployment.members[0])],
    target: (deployment) => [greenArn(world, deployment.members[0])],
  });
  const { items, Marker } = page(filtered, (deployment) => deployment.id, input);
  return { BlueGreenDeployments: items.map((deployment) => presentDeployment(world, deployment)), Marker };
}

/** Source, Target and the rows name resources as they are called now: the switchover's renames rewrite them. */
export function presentDeployment(world: World, deployment: Deployment): BlueGreenDeployment {
  return copyOf({
    BlueGreenDeploymentIdentifier: deployment.id,
    BlueGreenDeploymentName: deployment.name,
    Source: blueArn(world, deployment.members[0]),
    Target: greenArn(world, deployment.members[0]),
    SwitchoverDetails: deployment.members.map((member) => ({
      SourceMember: blueArn(world, member),
      TargetMember: greenArn(world, member),
      Status: statusOf(world, member),
    })),
    Tasks: deployment.tasks,
    Status: deployment.status,
    StatusDetails: deployment.statusDetails,
    CreateTime: deployment.createTime,
    DeleteTime: deployment.deleteTime,
    TagList: deployment.tags,
  });
}

/** The ARN of one side of a row as it is now; `undefined` when it is not there yet or no longer. */
export function arnOf(world: World, kind: DeploymentMember['kind'], id: string | undefined) {
  if (kind === 'db') return instanceById(world, id)?.DBInstanceArn;
  if (kind === 'cluster') return clusterById(world, id)?.DBClusterArn;
  return customEndpointById(world, id)?.DBClusterEndpointArn;
}

export const blueArn = (world: World, member: DeploymentMember): string =>
  arnOf(world, member.kind, member.blue) ?? member.blueArn;

export const greenArn = (world: World, member: DeploymentMember): string | undefined =>
  arnOf(world, member.kind, member.green) ?? member.greenArn;

/** A side that is gone before the switchover shows as MISSING_…; after it the row stays as it ended. */
function statusOf(world: World, member: DeploymentMember): string | undefined {
  if (!member.status || member.status === 'SWITCHOVER_COMPLETED') return member.status;
  if (!arnOf(world, member.kind, member.blue)) return 'MISSING_SOURCE';
  if (member.green && !arnOf(world, member.kind, member.green)) return 'MISSING_TARGET';
  return member.status;
}

/** For events about a deployment. */
export const deploymentSource = (deployment: Deployment) => ({
  type: 'blue-green-deployment' as const,
  identifier: deployment.id,
  arn: deployment.arn,
  tags: deployment.tags,
});

export const touchDeployment = (rds: ControlPlane, deployment: Deployment) =>
  rds.touched(deployment.id, deployment.arn);
