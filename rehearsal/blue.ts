import { type EngineFamily, isAurora } from '../functions/domain/model/engine.ts';
import { instanceEndpoint, writerEndpoint } from '../packages/local-aws/rds/world/endpoints.ts';
import { addParameterGroup } from '../packages/local-aws/rds/world/parameter-groups.ts';
import { addCluster, addInstance } from '../packages/local-aws/rds/world/seeding.ts';
import { clusterNamed, instanceNamed } from '../packages/local-aws/rds/world/world.ts';
import type { Account } from './account.ts';

/** What blue is: an RDS instance, or an Aurora cluster with one instance. The servers behind them are those of their family. */
export const engines = ['postgres', 'aurora-postgresql', 'mariadb', 'mysql', 'aurora-mysql'] as const;
export type Engine = (typeof engines)[number];

/** Stands for a series that is not known before servers were looked for. */
export const newest = 'newest';

/** What can be rehearsed of an engine. */
interface Rehearsed {
  family: EngineFamily;
  /** Versions that servers can be had of by themselves, by what stands behind `--from` and `--to`. */
  series: readonly string[];
  usual: readonly [from: string, to: string];
  /** What to give instead of a version that is none of them. */
  says: string;
}

const postgresMajors = {
  family: 'postgresql',
  series: ['15', '16', '17', '18'],
  usual: ['15', '17'],
  says: 'a whole number from 15 to 18',
} as const;

const mariadbSeries = {
  family: 'mysql',
  series: ['10.11', '11.8'],
  usual: ['10.11', '11.8'],
  says: '10.11 or 11.8, or name a folder with your own servers by --mysql-bin',
} as const;

export const rehearsed: Record<Engine, Rehearsed> = {
  postgres: postgresMajors,
  'aurora-postgresql': postgresMajors,
  mariadb: mariadbSeries,
  // Nothing else of this family can be had by itself in two versions, and Aurora's own servers cannot be had at all.
  'aurora-mysql': mariadbSeries,
  mysql: {
    family: 'mysql',
    series: [newest],
    usual: [newest, newest],
    says: 'the series of servers that you have, and name their folders: --mysql-bin 8.0=DIR --mysql-bin 8.4=DIR',
  },
};

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

/**
 * Makes an empty blue of this version under the production name.
 * @param hasStandby with somebody to fail over to: a standby, or a reader of a cluster
 */
export async function addBlue(
  { rds }: Account,
  engine: Engine,
  version: string,
  hasStandby: boolean,
): Promise<Blue> {
  const group = groupOf(engine, seriesOf(engine, version));
  if (!isAurora(engine)) {
    const instance = await addInstance(rds, {
      DBInstanceIdentifier: databaseName,
      Engine: engine,
      EngineVersion: version,
      MultiAZ: hasStandby,
      parameterGroup: group,
    });
    return { engine, database: instance.database, endpoint: instanceEndpoint(databaseName) };
  }
  const cluster = await addCluster(rds, {
    DBClusterIdentifier: databaseName,
    Engine: engine,
    EngineVersion: version,
    DBClusterParameterGroup: group,
    ...(hasStandby && { members: [1, 2].map((n) => ({ DBInstanceIdentifier: `${databaseName}-${n}` })) }),
  });
  return { engine, database: cluster.DbClusterResourceId, endpoint: writerEndpoint(databaseName) };
}

/** Name of the parameter group of a major version. */
export const groupOf = (engine: Engine, series: string) =>
  `${databaseName}-${engine}${series.replace('.', '-')}`;

/** `15.18` → `15` of PostgreSQL; `10.11.18` → `10.11` of the MySQL family. */
export function seriesOf(engine: Engine, version: string): string {
  const numbers = version.split('.');
  return numbers.slice(0, rehearsed[engine].family === 'mysql' ? 2 : 1).join('.');
}

/** What decides about replication. */
const parameters: Record<EngineFamily, Record<string, string>> = {
  postgresql: { 'rds.logical_replication': '1' },
  mysql: { binlog_format: 'ROW', event_scheduler: 'OFF' },
};

/** Name of green's group: another one than blue's, also where nothing but parameters changes. */
const greenGroupOf = (engine: Engine, series: string, before: string) =>
  series === before ? `${groupOf(engine, series)}-next` : groupOf(engine, series);

/** Adds the parameter groups of these versions: instances have one of their own, a cluster one for all its members. */
export function addGroups({ rds }: Account, engine: Engine, versions: Iterable<string>): void {
  const groups = [...versions].flatMap((version) => {
    const series = seriesOf(engine, version);
    return [groupOf(engine, series), greenGroupOf(engine, series, series)].map((name) => ({ name, series }));
  });
  for (const { name, series } of groups)
    addParameterGroup(rds, {
      name,
      family: `${engine}${series}`,
      level: isAurora(engine) ? 'cluster' : 'instance',
      parameters: { ...parameters[rehearsed[engine].family] },
      tags: [{ Key: 'viridian:way-back', Value: 'orders' }],
    });
}

/** The part of a request that says what green is to be. */
export function targetOf(engine: Engine, { from, to: version }: { from: string; to: string }): object {
  const group = greenGroupOf(engine, seriesOf(engine, version), seriesOf(engine, from));
  return {
    engineVersion: version,
    ...(isAurora(engine) ? { clusterParameterGroup: group } : { parameterGroup: group }),
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
