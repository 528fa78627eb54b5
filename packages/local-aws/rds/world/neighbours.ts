import type {
  DescribeDBProxiesCommandInput,
  DescribeDBProxyTargetsCommandInput,
  DescribeGlobalClustersCommandInput,
  DescribeIntegrationsCommandInput,
  DescribeOrderableDBInstanceOptionsCommandInput,
  DescribePendingMaintenanceActionsCommandInput,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import { copyOf } from './copy.ts';
import { parseArn } from './naming.ts';
import { applyFilters, page, refuseFilters } from './paging.ts';
import type { World } from './world.ts';

/** What stands beside a database and decides about a deployment: all of it seeded in the world, none of it changes. */
export function describeProxies(_rds: ControlPlane, world: World, input: DescribeDBProxiesCommandInput) {
  refuseFilters(input.Filters);
  const asked = input.DBProxyName ? [findProxy(world, input.DBProxyName)] : world.proxies;
  const { items, Marker } = page(asked, ({ DBProxyName }) => DBProxyName, input);
  return { DBProxies: items.map(({ targets: _, ...proxy }) => copyOf(proxy)), Marker };
}

export function describeProxyTargets(
  _rds: ControlPlane,
  world: World,
  input: DescribeDBProxyTargetsCommandInput,
) {
  refuseFilters(input.Filters);
  const { targets } = findProxy(world, input.DBProxyName ?? '');
  const { items, Marker } = page(targets, (target) => target.RdsResourceId ?? '', input);
  return { Targets: copyOf(items), Marker };
}

function findProxy(world: World, name: string) {
  const proxy = world.proxies.find(({ DBProxyName }) => DBProxyName === name);
  if (!proxy) throw new AwsError('DBProxyNotFoundFault', `DBProxy ${name} not found.`, 404);
  return proxy;
}

export function describeIntegrations(
  _rds: ControlPlane,
  world: World,
  input: DescribeIntegrationsCommandInput,
) {
  const wanted = input.IntegrationIdentifier;
  const asked = world.integrations.filter(
    ({ IntegrationArn, IntegrationName }) => !wanted || [IntegrationArn, IntegrationName].includes(wanted),
  );
  if (wanted && asked.length === 0)
    throw new AwsError('IntegrationNotFoundFault', `Integration ${wanted} not found.`, 404);
  const filtered = applyFilters(asked, input.Filters, { 'source-arn': ({ SourceArn }) => [SourceArn] });
  const { items, Marker } = page(filtered, ({ IntegrationArn }) => IntegrationArn ?? '', input);
  return { Integrations: copyOf(items), Marker };
}

export function describeGlobalClusters(
  _rds: ControlPlane,
  world: World,
  input: DescribeGlobalClustersCommandInput,
) {
  const wanted = input.GlobalClusterIdentifier;
  const asked = world.globalClusters.filter(
    ({ GlobalClusterIdentifier }) => !wanted || GlobalClusterIdentifier === wanted,
  );
  if (wanted && asked.length === 0)
    throw new AwsError('GlobalClusterNotFoundFault', `Global cluster ${wanted} not found.`, 404);
  const filtered = applyFilters(asked, input.Filters, {
    'db-cluster-id': (known) => (known.GlobalClusterMembers ?? []).map(({ DBClusterArn }) => DBClusterArn),
  });
  const { items, Marker } = page(filtered, (known) => known.GlobalClusterIdentifier ?? '', input);
  return { GlobalClusters: copyOf(items), Marker };
}

export function describePendingMaintenance(
  _rds: ControlPlane,
  world: World,
  input: DescribePendingMaintenanceActionsCommandInput,
) {
  const asked = world.maintenance.filter(
    ({ ResourceIdentifier }) => !input.ResourceIdentifier || ResourceIdentifier === input.ResourceIdentifier,
  );
  const named = (kind: string) => (known: { ResourceIdentifier?: string | undefined }) => {
    const arn = parseArn(known.ResourceIdentifier ?? '');
    return arn?.kind === kind ? [arn.name, known.ResourceIdentifier] : [];
  };
  const filtered = applyFilters(asked, input.Filters, {
    'db-instance-id': named('db'),
    'db-cluster-id': named('cluster'),
  });
  const { items, Marker } = page(filtered, ({ ResourceIdentifier }) => ResourceIdentifier ?? '', input);
  return { PendingMaintenanceActions: copyOf(items), Marker };
}

const classes = ['db.t4g.medium', 'db.m6g.large', 'db.r6g.large', 'db.r6g.xlarge', 'db.r7g.large'];

/** DescribeOrderableDBInstanceOptions: a few classes for every version that is known. */
export function describeOrderable(
  rds: ControlPlane,
  _world: World,
  input: DescribeOrderableDBInstanceOptionsCommandInput,
) {
  refuseFilters(input.Filters);
  const { DBEngineVersions = [] } = rds.engineVersions.describe({
    Engine: input.Engine,
    EngineVersion: input.EngineVersion,
  });
  const all = DBEngineVersions.flatMap(({ Engine, EngineVersion }) =>
    classes.map((DBInstanceClass) => ({ Engine, EngineVersion, DBInstanceClass, MultiAZCapable: true })),
  );
  const asked = all.filter(
    (option) => !input.DBInstanceClass || option.DBInstanceClass === input.DBInstanceClass,
  );
  const keyOf = (option: (typeof all)[number]) => `${option.EngineVersion} ${option.DBInstanceClass}`;
  const { items, Marker } = page(asked, keyOf, input);
  return { OrderableDBInstanceOptions: items, Marker };
}
