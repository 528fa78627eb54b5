import type { EngineFamily } from '../../functions/domain/model/engine.ts';
import type { ControlPlane } from '../../packages/local-aws/rds/control-plane.ts';
import { addParameterGroup } from '../../packages/local-aws/rds/world/parameter-groups.ts';
import type { InstanceSeed } from '../../packages/local-aws/rds/world/seeding.ts';
import { addCluster, addInstance as seedInstance } from '../../packages/local-aws/rds/world/seeding.ts';

/** A security group that admits nobody: the fence of old blue on Aurora. */
export const fence = 'sg-0123456789abcdef0';

/** A security group that admits nobody but the workflow's own function: the fence that a way back on Aurora needs. */
export const innerFence = 'sg-0fedcba9876543210';

/** One kind of database that the workflow can change, and the change that is asked for. */
export interface Kind {
  name: string;
  database: string;
  isCluster: boolean;
  /** Which function speaks its SQL. */
  family: EngineFamily;
  target: { engineVersion: string; parameterGroup?: string; clusterParameterGroup?: string };
  /** CloudWatch metric by which its lag is judged. */
  lagMetric: string;
  /** A way back can be set up. */
  goesBack?: true;
  /** Applications come by this record of Route 53. */
  record?: { zone: string; name: string };
  /** Deletes old blue after the bake. */
  deleteOldBlue: { deleteAfterDays: number; fenceSecurityGroup?: string };
  build(rds: ControlPlane): Promise<unknown>;
}

const logical = { 'rds.logical_replication': '1' };
const binlog = { binlog_format: 'ROW', event_scheduler: 'OFF' };

function addGroups(
  rds: ControlPlane,
  level: 'instance' | 'cluster',
  families: string[],
  parameters: Record<string, string>,
): void {
  for (const family of families) addParameterGroup(rds, { name: `own-${family}`, family, level, parameters });
}

const instance = { isCluster: false, database: 'orders', deleteOldBlue: { deleteAfterDays: 0 } };
const cluster = {
  isCluster: true,
  database: 'ledger',
  deleteOldBlue: { deleteAfterDays: 0, fenceSecurityGroup: fence },
};

export const kinds = {
  postgres: {
    ...instance,
    family: 'postgresql',
    name: 'RDS for PostgreSQL',
    goesBack: true,
    target: { engineVersion: '17.10', parameterGroup: 'own-postgres17' },
    lagMetric: 'OldestReplicationSlotLag',
    build(rds) {
      addGroups(rds, 'instance', ['postgres16', 'postgres17'], logical);
      return addInstance(rds, { EngineVersion: '16.14', parameterGroup: 'own-postgres16' });
    },
  },
  replica: {
    ...instance,
    family: 'postgresql',
    name: 'RDS for PostgreSQL with a read replica, protected, to a minor version',
    target: { engineVersion: '16.14' },
    lagMetric: 'ReplicaLag',
    async build(rds) {
      const fields = { EngineVersion: '16.10', DeletionProtection: true, MultiAZ: true };
      await addInstance(rds, fields);
      await addInstance(rds, {
        ...fields,
        DBInstanceIdentifier: 'orders-replica',
        ReadReplicaSourceDBInstanceIdentifier: 'orders',
      });
    },
  },
  mysql: {
    ...instance,
    family: 'mysql',
    name: 'RDS for MySQL with a read replica',
    goesBack: true,
    target: { engineVersion: '8.4.7', parameterGroup: 'own-mysql8.4' },
    lagMetric: 'ReplicaLag',
    async build(rds) {
      addGroups(rds, 'instance', ['mysql8.0', 'mysql8.4'], binlog);
      // The group of blue is its own: going back sets `read_only` there.
      const ofReplicas = { name: 'of-replicas', family: 'mysql8.0', level: 'instance' } as const;
      addParameterGroup(rds, { ...ofReplicas, parameters: binlog });
      const fields = { Engine: 'mysql', EngineVersion: '8.0.44' };
      await addInstance(rds, { ...fields, parameterGroup: 'own-mysql8.0' });
      await addInstance(rds, {
        ...fields,
        parameterGroup: 'of-replicas',
        DBInstanceIdentifier: 'orders-replica',
        ReadReplicaSourceDBInstanceIdentifier: 'orders',
      });
    },
  },
  mariadb: {
    ...instance,
    family: 'mysql',
    name: 'RDS for MariaDB',
    goesBack: true,
    target: { engineVersion: '11.8.5', parameterGroup: 'own-mariadb11.8' },
    lagMetric: 'ReplicaLag',
    build(rds) {
      addGroups(rds, 'instance', ['mariadb10.11', 'mariadb11.8'], binlog);
      return addInstance(rds, {
        Engine: 'mariadb',
        EngineVersion: '10.11.15',
        parameterGroup: 'own-mariadb10.11',
      });
    },
  },
  auroraPostgres: {
    ...cluster,
    family: 'postgresql',
    name: 'Aurora PostgreSQL with a reader and an endpoint of its own, protected',
    goesBack: true,
    target: { engineVersion: '17.7', clusterParameterGroup: 'own-aurora-postgresql17' },
    lagMetric: 'OldestReplicationSlotLag',
    build(rds) {
      addGroups(rds, 'cluster', ['aurora-postgresql16', 'aurora-postgresql17'], logical);
      return addCluster(rds, {
        DBClusterIdentifier: 'ledger',
        Engine: 'aurora-postgresql',
        EngineVersion: '16.11',
        DBClusterParameterGroup: 'own-aurora-postgresql16',
        DeletionProtection: true,
        members: [{ DBInstanceIdentifier: 'ledger-1' }, { DBInstanceIdentifier: 'ledger-2' }],
        customEndpoints: ['ledger-reports'],
      });
    },
  },
  auroraMysql: {
    ...cluster,
    family: 'mysql',
    name: 'Aurora MySQL with two readers',
    goesBack: true,
    target: { engineVersion: '8.0.mysql_aurora.3.10.1' },
    lagMetric: 'AuroraBinlogReplicaLag',
    build(rds) {
      addGroups(rds, 'cluster', ['aurora-mysql8.0'], binlog);
      return addCluster(rds, {
        DBClusterIdentifier: 'ledger',
        Engine: 'aurora-mysql',
        EngineVersion: '8.0.mysql_aurora.3.08.2',
        DBClusterParameterGroup: 'own-aurora-mysql8.0',
        members: ['ledger-1', 'ledger-2', 'ledger-3'].map((name) => ({ DBInstanceIdentifier: name })),
      });
    },
  },
} as const satisfies Record<string, Kind>;

export const allKinds: Kind[] = Object.values(kinds);

/** The same database behind a record of Route 53, which is of interest to the way back only. */
export const behindRecord: Kind = {
  ...kinds.postgres,
  name: 'RDS for PostgreSQL behind a record of Route 53',
  record: { zone: 'example.com', name: 'orders-db.example.com' },
};

function addInstance(rds: ControlPlane, fields: Partial<InstanceSeed> & { EngineVersion: string }) {
  return seedInstance(rds, { DBInstanceIdentifier: 'orders', ...fields });
}
