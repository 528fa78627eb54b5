import { addToCluster, cloneCluster } from '../rds/calls/clones.ts';
import { createDeployment } from '../rds/calls/create-deployment.ts';
import { deleteCluster, deleteInstance } from '../rds/calls/delete-database.ts';
import { deleteDeployment } from '../rds/calls/delete-deployment.ts';
import { describeClusterSnapshots, describeSnapshots } from '../rds/calls/describe-snapshots.ts';
import { modifyCluster } from '../rds/calls/modify-cluster.ts';
import { modifyInstance } from '../rds/calls/modify-instance.ts';
import { modifyParameterGroup } from '../rds/calls/modify-parameter-group.ts';
import { rebootInstance } from '../rds/calls/reboot.ts';
import { restoreInstance } from '../rds/calls/restore-instance.ts';
import { addRoleToCluster, addRoleToInstance } from '../rds/calls/roles.ts';
import { createClusterSnapshot, createSnapshot } from '../rds/calls/snapshots.ts';
import { switchover } from '../rds/calls/switchover.ts';
import { addTags, listTags, removeTags } from '../rds/calls/tags.ts';
import type { ControlPlane } from '../rds/control-plane.ts';
import type { Touched } from '../rds/journal.ts';
import { describeAccountAttributes } from '../rds/world/account.ts';
import { describeClusterEndpoints, describeClusters } from '../rds/world/clusters.ts';
import { copyOf } from '../rds/world/copy.ts';
import { describeDeployments } from '../rds/world/deployments.ts';
import { addEventSource, describeEventSubscriptions } from '../rds/world/event-subscriptions.ts';
import { describeInstances } from '../rds/world/instances.ts';
import {
  describeGlobalClusters,
  describeIntegrations,
  describeOrderable,
  describePendingMaintenance,
  describeProxies,
  describeProxyTargets,
} from '../rds/world/neighbours.ts';
import {
  describeClusterParameterGroups,
  describeClusterParameters,
  describeParameterGroups,
  describeParameters,
} from '../rds/world/parameter-groups.ts';
import { invalidValue } from '../rds/world/refusals.ts';
import type { World } from '../rds/world/world.ts';
import type { Call, Operation, Service } from '../wire/service.ts';

// The inputs differ from operation to operation: each function names the SDK's type for its own.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Read = (rds: ControlPlane, world: World, input: any) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: see above
type Write = (rds: ControlPlane, input: any, touch: (touched: Touched) => void) => unknown;

const reads: Record<string, Read> = {
  DescribeAccountAttributes: describeAccountAttributes,
  DescribeBlueGreenDeployments: describeDeployments,
  DescribeDBClusterEndpoints: describeClusterEndpoints,
  DescribeDBClusterParameterGroups: describeClusterParameterGroups,
  DescribeDBClusterParameters: describeClusterParameters,
  DescribeDBClusterSnapshots: describeClusterSnapshots,
  DescribeDBClusters: describeClusters,
  DescribeDBEngineVersions: (rds, _world, input) => rds.engineVersions.describe(input),
  DescribeDBInstances: describeInstances,
  DescribeDBParameterGroups: describeParameterGroups,
  DescribeDBParameters: describeParameters,
  DescribeDBProxies: describeProxies,
  DescribeDBProxyTargets: describeProxyTargets,
  DescribeDBSnapshots: describeSnapshots,
  DescribeEventSubscriptions: describeEventSubscriptions,
  DescribeEvents: (rds, _world, input) => rds.events.describe(input),
  DescribeGlobalClusters: describeGlobalClusters,
  DescribeIntegrations: describeIntegrations,
  DescribeOrderableDBInstanceOptions: describeOrderable,
  DescribePendingMaintenanceActions: describePendingMaintenance,
  ListTagsForResource: listTags,
};

const writes: Record<string, Write> = {
  AddRoleToDBCluster: addRoleToCluster,
  AddRoleToDBInstance: addRoleToInstance,
  AddSourceIdentifierToSubscription: addEventSource,
  AddTagsToResource: addTags,
  CreateBlueGreenDeployment: createDeployment,
  CreateDBClusterSnapshot: createClusterSnapshot,
  CreateDBInstance: addToCluster,
  CreateDBSnapshot: createSnapshot,
  DeleteBlueGreenDeployment: deleteDeployment,
  DeleteDBCluster: deleteCluster,
  DeleteDBInstance: deleteInstance,
  ModifyDBCluster: modifyCluster,
  ModifyDBInstance: modifyInstance,
  ModifyDBParameterGroup: modifyParameterGroup,
  RebootDBInstance: rebootInstance,
  RemoveTagsFromResource: removeTags,
  RestoreDBClusterToPointInTime: cloneCluster,
  RestoreDBInstanceToPointInTime: restoreInstance,
  SwitchoverBlueGreenDeployment: switchover,
};

/** The Service `rds`, in front of a control plane. */
export function createRdsService(rds: ControlPlane): Service {
  const operations: Record<string, Operation> = {};
  for (const [name, read] of Object.entries(reads))
    operations[name] = (input) => {
      refuseForeignArns(rds, input);
      rds.throttle?.admit();
      rds.faults.onCall(name);
      return read(rds, rds.staleReads.view(rds.world), input);
    };
  for (const [name, write] of Object.entries(writes))
    operations[name] = (input, call) => change(rds, name, write, input, call);
  return { name: 'rds', operations };
}

/** Members that name a resource of this account and Region by its ARN or its name. */
const naming =
  /^(ResourceName|Source|ResourceIdentifier|DB(Instance|Cluster)Identifier|BlueGreenDeploymentIdentifier)$/;

/** Assumed: the code is that of a resource name that cannot be read. */
function refuseForeignArns({ names }: ControlPlane, input: unknown): void {
  for (const [member, value] of Object.entries(input as Record<string, unknown>)) {
    if (!naming.test(member) || typeof value !== 'string' || !value.startsWith('arn:')) continue;
    const [, , , region, account] = value.split(':');
    if (region !== names.region || account !== names.account)
      throw invalidValue(`${value} is not of the account ${names.account} in ${names.region}`);
  }
}

/** Runs one changing call: recorded whether it is accepted or refused, and perhaps not seen for a while. */
function change(rds: ControlPlane, name: string, write: Write, input: unknown, call: Call): unknown {
  const entry = rds.journal.begin(rds.clock.now(), call, input);
  try {
    refuseForeignArns(rds, input);
    rds.throttle?.admit();
    const staleReads = rds.faults.onCall(name);
    const before = Math.max(staleReads, rds.staleFor) > 0 ? copyOf(rds.world) : undefined;
    const answer = write(rds, input, (touched) => entry.touched.push(touched));
    if (before) rds.staleReads.remember(before, Math.max(staleReads, rds.staleFor));
    return answer;
  } catch (refusal) {
    entry.refused = refusal instanceof Error ? refusal.name : String(refusal);
    throw refusal;
  }
}
