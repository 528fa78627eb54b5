import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  DescribeIntegrationsCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribePendingMaintenanceActionsCommand,
} from '@aws-sdk/client-rds';
import { classWanted } from '../../domain/build/members.ts';
import type { ProxyTarget } from '../../domain/close/proxies.ts';
import type { CutNeighbours } from '../../domain/hold/neighbours.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import type { Neighbours } from '../../domain/preconditions/facts.ts';
import type { Request } from '../../domain/request/request.ts';
import { rdsReader } from '../clients/rds.ts';
import { attempt, sideBySide } from '../readings.ts';
import { readAllPages, readCluster, readInstance } from './read.ts';

/** Everything beside a database that decides about a deployment, or is left behind by it. */
export function readNeighbours(
  database: Database,
  blue: Side,
  targetVersion: string,
  { target }: Pick<Request, 'target'>,
): Promise<Neighbours> {
  const arns = [blue.arn, ...blue.members.map(({ arn }) => arn)];
  const classes = blue.members.map((member) => classWanted(target, member));
  return sideBySide({
    ...cutNeighbours(database, blue),
    maintenance: attempt(readMaintenance(arns)),
    notOrderable: attempt(readNotOrderable(database.engine, targetVersion, [...new Set(classes)])),
    staticEndpoints: attempt(readStaticEndpoints(database)),
    oldNames: attempt(readOldNames(database)),
  });
}

/** Those with which RDS refuses a switchover. */
export const readCutNeighbours = (database: Database, blue: Side): Promise<CutNeighbours> =>
  sideBySide(cutNeighbours(database, blue));

const cutNeighbours = ({ arn }: Database, { id, members }: Side) => ({
  integrations: attempt(readIntegrations(arn)),
  proxies: attempt(readProxies([id, ...members.map((member) => member.id)])),
});

/** Names of the zero-ETL integrations of a database. */
async function readIntegrations(source: string): Promise<string[]> {
  const found = await readAllPages(
    (Marker) => rdsReader().send(new DescribeIntegrationsCommand({ Marker })),
    (page) => page.Integrations,
  );
  return found
    .filter(({ SourceArn }) => SourceArn === source)
    .map(({ IntegrationName, IntegrationArn = '' }) => IntegrationName ?? IntegrationArn);
}

/** Targets that lead to these databases. One names a cluster as `TrackedClusterId` or `RdsResourceId`, and an instance as `RdsResourceId`. */
export async function readProxies(ids: string[]): Promise<ProxyTarget[]> {
  const proxies = await readAllPages(
    (Marker) => rdsReader().send(new DescribeDBProxiesCommand({ Marker })),
    (page) => page.DBProxies,
  );
  const targets = await Promise.all(
    proxies.map(async ({ DBProxyName = '' }) => {
      const all = await readAllPages(
        (Marker) => rdsReader().send(new DescribeDBProxyTargetsCommand({ DBProxyName, Marker })),
        (page) => page.Targets,
      );
      return all.map((target) => ({ ...target, proxy: DBProxyName }));
    }),
  );
  return targets
    .flat()
    .flatMap(({ proxy, RdsResourceId = '', TrackedClusterId = '', TargetArn = '', TargetHealth }) => {
      const named = [RdsResourceId, TrackedClusterId, TargetArn.split(':').at(-1) ?? ''];
      const leadsTo = named.find((id) => ids.includes(id));
      const health = { state: TargetHealth?.State ?? 'unknown', reason: TargetHealth?.Reason ?? null };
      return leadsTo === undefined ? [] : [{ proxy, leadsTo, ...health }];
    });
}

async function readMaintenance(arns: string[]) {
  const found = await Promise.all(
    arns.map((ResourceIdentifier) =>
      readAllPages(
        (Marker) =>
          rdsReader().send(new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier, Marker })),
        (page) => page.PendingMaintenanceActions,
      ),
    ),
  );
  return found.flat().flatMap(({ ResourceIdentifier = '', PendingMaintenanceActionDetails = [] }) =>
    PendingMaintenanceActionDetails.map(({ Action = '', CurrentApplyDate, ForcedApplyDate }) => ({
      id: ResourceIdentifier.split(':').at(-1) ?? '',
      action: Action,
      due: (CurrentApplyDate ?? ForcedApplyDate)?.toISOString() ?? null,
    })),
  );
}

/** The classes that a version has no offer for. */
async function readNotOrderable(engine: string, version: string, classes: string[]): Promise<string[]> {
  const offers = await Promise.all(
    classes.map(async (DBInstanceClass) => {
      const input = { Engine: engine, EngineVersion: version, DBInstanceClass, MaxRecords: 20 };
      const { OrderableDBInstanceOptions = [] } = await rdsReader().send(
        new DescribeOrderableDBInstanceOptionsCommand(input),
      );
      return OrderableDBInstanceOptions.length;
    }),
  );
  return classes.filter((_, index) => offers[index] === 0);
}

async function readStaticEndpoints({ kind, id }: Database): Promise<string[]> {
  if (kind !== 'cluster') return [];
  const all = await readAllPages(
    (Marker) => rdsReader().send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier: id, Marker })),
    (page) => page.DBClusterEndpoints,
  );
  return all
    .filter(
      ({ StaticMembers = [], ExcludedMembers = [] }) => StaticMembers.length + ExcludedMembers.length > 0,
    )
    .map(({ DBClusterEndpointIdentifier = '' }) => DBClusterEndpointIdentifier);
}

/** RDS gives old blue the name of blue and the first number that is free. */
async function readOldNames({ kind, id }: Database): Promise<string[]> {
  const name = `${id}-old1`;
  return (await (kind === 'cluster' ? readCluster(name) : readInstance(name))) ? [name] : [];
}
