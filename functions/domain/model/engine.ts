/** How green follows blue. RDS decides it when green is created. */
export type Replication = 'physical' | 'logical' | 'binlog';

/** Engines of a family speak one SQL. */
export type EngineFamily = 'postgresql' | 'mysql';

/** What rules have to know of a database engine. */
export interface Engine {
  /** As people call it. */
  label: string;
  family: EngineFamily;
  /** Clusters on Aurora's storage, whose parameter group is the cluster's. */
  aurora: boolean;
  /** How green follows blue within a major version, and over one. */
  replication: { sameMajor: Replication; newMajor: Replication };
  /** From this version on the major version is one number, before it two. Undefined: always two. */
  oneNumberFrom?: number;
  /** The oldest version that a deployment takes, where the whole engine has one. */
  oldest?: string;
  /** The oldest minor version of each major version from which green can replicate logically. */
  oldestLogical?: readonly string[];
}

const oldestLogical = ['11.21', '12.16', '13.12', '14.9', '15.4', '16.1'];

/**
 * The engines that have blue/green deployments, as `Engine` of RDS names them. RDS for PostgreSQL copies physically unless the major version
 * changes; Aurora PostgreSQL always replicates logically; the MySQL family uses the binary log. Source: RDS and Aurora User Guide,
 * "Overview of blue/green deployments" and "Supported Regions and DB engines for blue/green deployments".
 */
export const engines = {
  'aurora-mysql': {
    label: 'Aurora MySQL',
    family: 'mysql',
    aurora: true,
    replication: { sameMajor: 'binlog', newMajor: 'binlog' },
  },
  'aurora-postgresql': {
    label: 'Aurora PostgreSQL',
    family: 'postgresql',
    aurora: true,
    replication: { sameMajor: 'logical', newMajor: 'logical' },
    oneNumberFrom: 10,
    oldestLogical: [...oldestLogical, '17.4'],
  },
  mariadb: {
    label: 'MariaDB',
    family: 'mysql',
    aurora: false,
    replication: { sameMajor: 'binlog', newMajor: 'binlog' },
    oldest: '10.2',
  },
  mysql: {
    label: 'MySQL',
    family: 'mysql',
    aurora: false,
    replication: { sameMajor: 'binlog', newMajor: 'binlog' },
    oldest: '5.7',
  },
  postgres: {
    label: 'PostgreSQL',
    family: 'postgresql',
    aurora: false,
    replication: { sameMajor: 'physical', newMajor: 'logical' },
    oneNumberFrom: 10,
    oldest: '11.1',
    oldestLogical,
  },
} as const satisfies Record<string, Engine>;

export type EngineId = keyof typeof engines;

/** The row of an engine; undefined for one that has no blue/green deployments. */
export function findEngine(engine: string): Engine | undefined {
  return Object.hasOwn(engines, engine) ? engines[engine as EngineId] : undefined;
}

/** RDS for PostgreSQL and Aurora PostgreSQL. */
export const isPostgres = (engine: string): boolean => findEngine(engine)?.family === 'postgresql';

export const isAurora = (engine: string): boolean => findEngine(engine)?.aurora === true;
