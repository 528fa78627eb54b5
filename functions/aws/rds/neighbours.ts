import {
  DescribeDBClusterEndpointsCommand,
  DescribeIntegrationsCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribePendingMaintenanceActionsCommand,
} from '@aws-sdk/client-rds';
import { classWanted } from '../../domain/build/members.ts';
import type { CutNeighbours } from '../../domain/hold/neighbours.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import type { Neighbours } from '../../domain/preconditions/facts.ts';
import type { Request } from '../../domain/request/request.ts';
import { readScaling } from '../auto-scaling/read.ts';
import { rdsReader } from '../clients/rds.ts';
import { readMetricAlarms, watches } from '../cloudwatch/metric-alarms.ts';
import { attempt, sideBySide } from '../readings.ts';
import { readProxies } from './proxies.ts';
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
    scaling: attempt(readScalingNames(database)),
    alarmsById: attempt(readAlarmsById(blue)),
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

async function readScalingNames({ kind, id }: Database): Promise<string[]> {
  const found = kind === 'cluster' ? await readScaling(id) : null;
  if (!found) return [];
  return [
    `${found.min} to ${found.max} readers`,
    ...found.policies.map(({ name }) => `the policy ${name}`),
    ...found.schedules.map(({ name }) => `the schedule ${name}`),
  ];
}

async function readAlarmsById({ resourceId, members }: Side): Promise<string[]> {
  const ids = [resourceId, ...members.map((member) => member.resourceId)];
  const alarms = await readMetricAlarms();
  return alarms
    .filter((alarm) => ids.some((id) => watches(alarm, id)))
    .map(({ AlarmName = '' }) => AlarmName);
}

/** RDS gives old blue the name of blue and the first number that is free. */
async function readOldNames({ kind, id }: Database): Promise<string[]> {
  const name = `${id}-old1`;
  return (await (kind === 'cluster' ? readCluster(name) : readInstance(name))) ? [name] : [];
}
