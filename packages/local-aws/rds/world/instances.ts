import type { DBInstance, DescribeDBInstancesCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import { readReplication } from '../lag.ts';
import { copyOf } from './copy.ts';
import { isMeant, nameFrom } from './naming.ts';
import { applyFilters, page } from './paging.ts';
import { instanceNotFound } from './refusals.ts';
import { type Instance, instanceNamed, isAurora, type World } from './world.ts';

/** The instance that a call names by identifier or ARN; an unknown one is refused. */
export function findInstance(world: World, identifier: string | undefined): Instance {
  const name = nameFrom(identifier ?? '', 'db');
  const instance = instanceNamed(world, name);
  if (!instance || !isMeant(identifier ?? '', instance.DBInstanceArn)) throw instanceNotFound(name);
  return instance;
}

export async function describeInstances(
  rds: ControlPlane,
  world: World,
  input: DescribeDBInstancesCommandInput,
) {
  const asked = input.DBInstanceIdentifier
    ? [findInstance(world, input.DBInstanceIdentifier)]
    : world.instances;
  const filtered = applyFilters(asked, namesFromArns(input.Filters), {
    'db-instance-id': (instance) => [instance.DBInstanceIdentifier],
    'db-cluster-id': (instance) => [instance.DBClusterIdentifier],
    'dbi-resource-id': (instance) => [instance.DbiResourceId],
    engine: (instance) => [instance.Engine],
    domain: () => [],
  });
  const { items, Marker } = page(filtered, (instance) => instance.DBInstanceIdentifier, input);
  const DBInstances = await Promise.all(items.map((instance) => presentInstance(rds, world, instance)));
  return { DBInstances, Marker };
}

/** `db-instance-id` and `db-cluster-id` take names and ARNs alike. */
export function namesFromArns(filters: DescribeDBInstancesCommandInput['Filters']) {
  return filters?.map((filter) => ({
    ...filter,
    Values: filter.Values?.map((value) =>
      value.startsWith('arn:') ? (value.split(':').slice(6).join(':') ?? value) : value,
    ),
  }));
}

/** What the API shows of an instance: a copy, with the health of its replication when it is green. */
export async function presentInstance(
  rds: ControlPlane,
  world: World,
  instance: Instance,
): Promise<DBInstance> {
  const { database: _, ...shown } = copyOf(instance);
  const deployment = world.deployments.find(
    ({ members, switched }) => !switched && members[0].green === instance.DbiResourceId,
  );
  if (deployment && !isAurora(instance.Engine))
    return { ...shown, StatusInfos: [await replicationStatus(rds, deployment.id)] };
  // A replica replicates until a scenario gives it another state.
  return shown.ReadReplicaSourceDBInstanceIdentifier ? { StatusInfos: [healthy], ...shown } : shown;
}

const healthy = { StatusType: 'read replication', Normal: true, Status: 'replicating' };

async function replicationStatus(rds: ControlPlane, deployment: string) {
  const { state, message } = await readReplication(rds, deployment);
  const shown = { replicating: 'replicating', degraded: 'replication degraded', stopped: 'stopped' } as const;
  return {
    StatusType: 'read replication',
    Normal: state === 'replicating',
    Status: shown[state],
    ...(message && { Message: message }),
  };
}

/** States in which nothing can be changed; AWS gives no complete list. */
export const isAvailable = (instance: Instance): boolean => instance.DBInstanceStatus === 'available';

export const touchInstance = (rds: ControlPlane, instance: Instance) =>
  rds.touched(instance.DbiResourceId, instance.DBInstanceArn);

/** For events about an instance. */
export const instanceSource = (instance: Instance) => ({
  type: 'db-instance' as const,
  identifier: instance.DBInstanceIdentifier,
  arn: instance.DBInstanceArn,
  tags: instance.TagList,
});
