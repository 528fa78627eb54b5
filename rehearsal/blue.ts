import { instanceEndpoint, writerEndpoint } from '../packages/local-aws/rds/world/endpoints.ts';
import { addParameterGroup } from '../packages/local-aws/rds/world/parameter-groups.ts';
import { addCluster, addInstance } from '../packages/local-aws/rds/world/seeding.ts';
import { clusterNamed, instanceNamed } from '../packages/local-aws/rds/world/world.ts';
import type { Account } from './account.ts';

/** What blue is: an RDS instance, or an Aurora cluster with one instance. The servers behind them are the same. */
export const engines = ['postgres', 'aurora-postgresql'] as const;
export type Engine = (typeof engines)[number];

/** Name of the database that is rehearsed. */
export const databaseName = 'orders';

/** A security group of the rehearsal that admits the workflow's own function and nobody else. */
export const fence = 'sg-0fedcba9876543210';

/** The database that serves before the run. */
export interface Blue {
  engine: Engine;
  /** Resource id of the server behind it. */
  database: string;
  /** Name of the endpoint that applications use. */
  endpoint: string;
}

/** Makes an empty blue of this version under the production name. */
export async function addBlue({ rds }: Account, engine: Engine, version: string): Promise<Blue> {
  const group = groupOf(engine, Number.parseInt(version, 10));
  if (engine === 'postgres') {
    const instance = await addInstance(rds, {
      DBInstanceIdentifier: databaseName,
      EngineVersion: version,
      parameterGroup: group,
    });
    return { engine, database: instance.database, endpoint: instanceEndpoint(databaseName) };
  }
  const cluster = await addCluster(rds, {
    DBClusterIdentifier: databaseName,
    Engine: engine,
    EngineVersion: version,
    DBClusterParameterGroup: group,
  });
  return { engine, database: cluster.DbClusterResourceId, endpoint: writerEndpoint(databaseName) };
}

/** Name of the parameter group of a major version, which has logical replication on. */
export const groupOf = (engine: Engine, major: number) => `${databaseName}-${engine}${major}`;

/** Adds the parameter groups of these majors: instances have one of their own, a cluster one for all its members. */
export function addGroups({ rds }: Account, engine: Engine, majors: Iterable<number>): void {
  for (const major of majors)
    addParameterGroup(rds, {
      name: groupOf(engine, major),
      family: `${engine}${major}`,
      level: engine === 'postgres' ? 'instance' : 'cluster',
      parameters: { 'rds.logical_replication': '1' },
    });
}

/** The part of a request that says what green is to be. */
export function targetOf(engine: Engine, version: string): object {
  const group = groupOf(engine, Number.parseInt(version, 10));
  return {
    engineVersion: version,
    ...(engine === 'postgres' ? { parameterGroup: group } : { clusterParameterGroup: group }),
  };
}

/** Resource id of the server that the address of production leads to now: its name, or the record by which the application comes. */
export function productionOf({ rds, record, route53 }: Account): string | undefined {
  const { world } = rds;
  if (!record)
    return (
      clusterNamed(world, databaseName)?.DbClusterResourceId ?? instanceNamed(world, databaseName)?.database
    );
  const address = route53.resolve(record.hostedZoneId, record.recordName)?.value;
  const cluster = world.clusters.find(({ Endpoint }) => Endpoint === address);
  return (
    cluster?.DbClusterResourceId ??
    world.instances.find(({ Endpoint }) => Endpoint?.Address === address)?.database
  );
}
