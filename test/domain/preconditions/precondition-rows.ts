import { readFile } from '../../../functions/domain/load-test/statement.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { Rehearsed } from '../../../functions/domain/on-copy/rehearsal.ts';
import type { SqlLook } from '../../../functions/domain/preconditions/by-sql/check.ts';
import { applies } from '../../../functions/domain/preconditions/by-sql/check.ts';
import { sqlChecks } from '../../../functions/domain/preconditions/by-sql/list.ts';
import type {
  BlueFeatures,
  Neighbours,
  PreconditionFacts,
  SourceTraits,
} from '../../../functions/domain/preconditions/facts.ts';
import type { ReadsSeen, WeightedSet } from '../../../functions/domain/read-ramp/record.ts';
import type { RecordSeen } from '../../../functions/domain/way-back/address.ts';
import {
  arnOf,
  blueSide,
  cluster,
  clusterSide,
  executionArn,
  instance,
  member,
  request,
  saturday,
} from '../sample.ts';
import { mariadbDefects, mysqlDefects, mysqlOthers } from './mysql-defects.ts';
import { defects, others } from './sql-defects.ts';

/** What a rehearsal of the database of these rows has put out, the day before. */
const rehearsed: Rehearsed = {
  resourceId: 'db-ORDERS',
  at: '2026-11-20T08:00:00.000Z',
  production: {
    engineVersion: '16.9',
    parameterGroup: 'orders-16',
    instanceClass: member('orders').instanceClass,
    storageGiB: 90,
  },
  targetVersion: '17.10',
  measured: { build: 3_120, statistics: 60, writesOut: 3.1, goingBack: 4, renames: 2 },
};

const otherRun = executionArn.replace('run-1', 'run-2');

const traits: SourceTraits = {
  memberOfCluster: null,
  namesake: null,
  serverlessV1: false,
  limitless: false,
  globalCluster: null,
  managedMasterPassword: false,
  replicaOf: null,
  replicas: [],
  cascading: [],
  pending: [],
  customOptionGroups: [],
};

const features: BlueFeatures = {
  activityStream: false,
  backtrack: false,
  roles: [],
  iamAuthentication: false,
  stack: null,
  terraform: false,
  multiAz: false,
  autoMinorUpgrade: [],
  auroraReplicas: [],
  certificateEnds: null,
  withoutLogVolume: [],
  awsBackup: false,
  storageType: 'gp3',
};
const feature = (more: Partial<BlueFeatures>) => ({ features: { ...features, ...more } });
const neighbours: Neighbours = {
  integrations: read([]),
  proxies: read([]),
  maintenance: read([]),
  notOrderable: read([]),
  staticEndpoints: read([]),
  scaling: read([]),
  alarmsById: read([]),
  oldNames: read([]),
};
const neighbour = (more: Partial<Neighbours>) => ({ neighbours: { ...neighbours, ...more } });
export const everyNeighbour = Object.keys(neighbours) as (keyof Neighbours)[];
const proxy = (state: string, reason: string | null) =>
  neighbour({ proxies: read([{ proxy: 'orders-pool', state, reason }]) });
const green = (parameters: Record<string, string>) => ({
  greenParameters: read({ 'rds.logical_replication': '1', ...parameters }),
});
const storage = (more: object, storageType = 'gp2'): Partial<PreconditionFacts> => ({
  request: request({ target: { parameterGroup: 'orders-17', storage: more } }),
  ...feature({ storageType }),
});
const quota = (name: string, used: number, max: number): Partial<PreconditionFacts> => ({
  quotas: read(
    [
      { name: 'DBInstances', used: 3, max: 40 },
      { name: 'DBClusters', used: 1, max: 40 },
      { name: 'AllocatedStorage', used: 300, max: 100_000 },
    ]
      .map((one) => (one.name === name ? { name, used, max } : one))
      .concat(name.startsWith('Manual') || name.startsWith('Read') ? [{ name, used, max }] : []),
  ),
});

/** A database in vpc-a, and the VPCs of those that have the fence of old blue. */
const stands = (...vpcs: string[]): PreconditionFacts['fence'] =>
  read({ vpc: 'vpc-a', standsOn: vpcs.map((vpc, index) => ({ id: `shop-${index}`, vpc })) });

/** A database that may be upgraded from PostgreSQL 16.9 to 17.10, with nothing to complain about. */
export function facts(more: Partial<PreconditionFacts> = {}): PreconditionFacts {
  return {
    request: request({ target: { engineVersion: '17.10', parameterGroup: 'orders-17' } }),
    executionArn,
    now: saturday,
    database: instance,
    targetVersion: '17.10',
    replication: 'logical',
    blue: blueSide(),
    traits,
    upgradeTargets: read(['16.10', '17.9', '17.10']),
    targetFamily: read('postgres17'),
    targetParameterGroup: read({ name: 'orders-17', family: 'postgres17' }),
    blueParameters: read({ 'rds.logical_replication': '1' }),
    deployments: read([]),
    lock: read(null),
    fence: stands('vpc-a'),
    quotas: read([
      { name: 'DBInstances', used: 3, max: 40 },
      { name: 'DBClusters', used: 1, max: 40 },
      { name: 'AllocatedStorage', used: 300, max: 100_000 },
    ]),
    alarms: [],
    changeableRecords: [],
    readRampRecords: [],
    allowedDatabases: 'all',
    tags: {},
    bakeMetrics: measured(60),
    hooks: [],
    announcements: read(1),
    unheard: read([]),
    features,
    neighbours,
    greenGroup: 'orders-17',
    greenParameters: read({ 'rds.logical_replication': '1' }),
    sql: read(foundNothing),
    ...more,
  };
}

const hookArn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-writes';
const foundNothing: SqlLook = Object.fromEntries(
  sqlChecks.map(({ id }) => [id, read({ count: 0, names: [] })]),
);
/** What one check by SQL found, and nothing else. */
export const found = (id: string, names: string[]) => ({
  sql: read({ ...foundNothing, [id]: read({ count: names.length, names }) }),
});
/** Of an upgrade to a new major version of PostgreSQL, which `facts` has. */
const plan = { engine: 'postgres', replication: 'logical', from: '15.14', to: '17.10' } as const;
/** The same of the MySQL family: the first of these plans in which a check has something to ask. */
const mysqlPlans = [
  { engine: 'mysql', replication: 'binlog', from: '8.4.7', to: '9.7.1' },
  { engine: 'mariadb', replication: 'binlog', from: '10.11.18', to: '11.8.5' },
  {
    engine: 'aurora-mysql',
    replication: 'binlog',
    from: '8.0.mysql_aurora.3.10.1',
    to: '8.4.mysql_aurora.4.1.0',
  },
] as const;
const planned = ({
  engine,
  replication,
  from,
  to,
}: (typeof mysqlPlans)[number]): Partial<PreconditionFacts> => {
  const isAurora = engine === 'aurora-mysql';
  return {
    ...(isAurora ? aurora : {}),
    database: { ...(isAurora ? cluster : facts().database), engine },
    replication,
    blue: isAurora ? clusterSide({ engineVersion: from }) : blueSide({ engineVersion: from }),
    targetVersion: to,
    upgradeTargets: read([to]),
    blueParameters: read({ binlog_format: 'ROW' }),
    greenParameters: read({ binlog_format: 'ROW' }),
  };
};
/** The rows of checks by SQL that refuse, or that warn, with what a real server answers. */
const rowsOf = (severity: 'blocker' | 'warning') => [
  ...[...defects, ...others].flatMap(({ rule, what, names }) => {
    const check = sqlChecks.find(({ id }) => id === rule);
    return check?.severity(plan) === severity
      ? [{ rule, what, seen: check.seen, more: found(rule, names) }]
      : [];
  }),
  ...[...mariadbDefects, ...mysqlDefects, ...mysqlOthers].flatMap(({ rule, what, names }) => {
    const check = sqlChecks.find(({ id }) => id === rule);
    const fitting = mysqlPlans.find((one) => check && applies(check, one));
    return check && fitting && check.severity(fitting) === severity
      ? [{ rule, what, seen: check.seen, more: { ...planned(fitting), ...found(rule, names) } }]
      : [];
  }),
];

export const host = 'orders.example.eu-central-1.rds.amazonaws.com';
/** A request that goes back by a record, and what Route 53 has under its name. */
export const byRecord = (
  seen: RecordSeen,
  changeableRecords = ['Z1ABC/orders-db.example.com'],
): Partial<PreconditionFacts> => ({
  request: request({
    target: { parameterGroup: 'orders-17' },
    wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1ABC', recordName: 'Orders-DB.example.com.' } },
  }),
  endpointRecord: read(seen),
  changeableRecords,
});
/** A request that leads its readers by a record, and what Route 53 has under its name. */
export const byReads = (
  seen: ReadsSeen,
  more: Partial<NonNullable<PreconditionFacts['reads']>> = {},
  readRampRecords = ['Z1ABC/orders-readers.example.com'],
): Partial<PreconditionFacts> => ({
  request: request({
    target: { parameterGroup: 'orders-17' },
    readRamp: { hostedZoneId: 'Z1ABC', recordName: 'Orders-Readers.example.com.' },
  }),
  reads: { seen: read(seen), host, alone: false, ...more },
  readRampRecords,
});
const loadFile = 'orders-tests/load.sql';
const oneStatement = read(readFile('SELECT 1', 'postgresql'));
/** A request for a load test, and what was seen of it: by default everything is well. */
export const byLoad = (
  asked: object = {},
  seen: Partial<NonNullable<PreconditionFacts['load']>> = {},
): Partial<PreconditionFacts> => ({
  request: request({
    target: { parameterGroup: 'orders-17' },
    wayBack: { login: {} },
    tests: {
      load: {
        secret: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:viridian-reader',
        statements: `s3://${loadFile}`,
        database: 'shop',
        ...asked,
      },
    },
  }),
  load: { readable: [loadFile], file: oneStatement, statements: read(1), ...seen },
});
export const weighted = (...more: Partial<WeightedSet>[]): ReadsSeen => ({
  kind: 'weighted',
  sets: more.map((one) => ({
    identifier: 'viridian-production',
    weight: 100,
    target: host,
    ttlSeconds: 30,
    ...one,
  })),
});
export const cname = (target: string, ttlSeconds = 60) => byRecord({ kind: 'cname', target, ttlSeconds });
/** Every metric that is compared when nothing else is asked for, with so many points. */
function measured(points: number): PreconditionFacts['bakeMetrics'] {
  const values = Array.from({ length: points }, (_, minute) => ({
    at: saturday - minute * 60_000,
    value: 1,
  }));
  return request().bake.metrics.map(({ name }) => ({ name, seen: read(values) }));
}

export const trait = (more: Partial<SourceTraits>) => ({ traits: { ...traits, ...more } });
const target = (more: object) => ({ request: request({ target: more }) });
const aurora: Partial<PreconditionFacts> = {
  database: cluster,
  blue: clusterSide(),
  request: request({ target: { engineVersion: '17.10', clusterParameterGroup: 'orders-17' } }),
  targetClusterParameterGroup: read({ name: 'orders-17', family: 'postgres17' }),
};
/** Aurora, with a way back that is asked for. */
export const toClone: Partial<PreconditionFacts> = {
  ...aurora,
  request: request({
    target: { engineVersion: '17.10', clusterParameterGroup: 'orders-17' },
    wayBack: { login: {} },
    oldBlue: { fenceSecurityGroup: 'sg-0123456789abcdef0' },
  }),
};
const mysql = (from: string, to: string): Partial<PreconditionFacts> => ({
  database: { ...instance, engine: 'mysql' },
  blue: blueSide({ engineVersion: from }),
  targetVersion: to,
  replication: 'binlog',
  upgradeTargets: read([to]),
});
const auroraMysql = (format: string | undefined): Partial<PreconditionFacts> => ({
  ...aurora,
  database: { ...cluster, engine: 'aurora-mysql' },
  blue: clusterSide({ engineVersion: '8.0.mysql_aurora.3.08.2' }),
  targetVersion: '8.0.mysql_aurora.3.10.1',
  upgradeTargets: read(['8.0.mysql_aurora.3.10.1']),
  replication: 'binlog',
  blueParameters: read({ binlog_format: format }),
});
const existing = (id: string, status: string, executor: string | null = null, of = 'orders') => ({
  deployments: read([{ id, name: 'viridian-db-orders', status, source: arnOf(of), executionArn: executor }]),
});
const bakeWith = (state: string | null, actionsEnabled = true) => ({
  request: request({ bake: { alarms: ['errors'] } }),
  alarms: [{ name: 'errors', seen: read(state === null ? null : { state, actionsEnabled }) }],
});

/** What each rule refuses. docs/preconditions.md has the messages of these rows. */
export const refusals: [rule: string, when: string, more: Partial<PreconditionFacts>, says: RegExp][] = [
  [
    'zero-etl-integration',
    'an integration with Redshift',
    neighbour({ integrations: read(['orders-redshift']) }),
    /Delete it before/,
  ],
  [
    'rds-proxy-healthy',
    'a proxy that does not reach blue',
    proxy('UNAVAILABLE', 'AUTH_FAILURE'),
    /Mend its secret/,
  ],
  [
    'instance-class-orderable',
    'a class that the version does not have',
    neighbour({ notOrderable: read(['db.m4.large']) }),
    /Name another class in target.instanceClass or target.members/,
  ],
  [
    'dlv-consistent',
    'a replica without a log volume',
    feature({ withoutLogVolume: ['orders-r1'] }),
    /Turn it on/,
  ],
  ['storage-request', 'throughput of gp2', storage({ throughput: 500 }), /only gp3 has one/],
  ['storage-request', 'IOPS of gp2', storage({ iops: 3000 }), /none to set/],
  [
    'storage-request',
    'magnetic storage of another size',
    storage({ allocatedGiB: 200 }, 'standard'),
    /Add target.storage.type/,
  ],
  [
    'storage-quota',
    'no room for the storage of green',
    quota('AllocatedStorage', 99_950, 100_000),
    /needs 100 more/,
  ],
  [
    'green-parameters',
    'pg_cron on green',
    green({ shared_preload_libraries: 'pg_stat_statements, pg_cron' }),
    /loads pg_cron/,
  ],
  [
    'green-parameters',
    'pgaudit on blue only',
    { blueParameters: read({ 'rds.logical_replication': '1', shared_preload_libraries: 'pgaudit' }) },
    /Add pgaudit/,
  ],
  [
    'green-parameters',
    'captured plans',
    green({ 'apg_plan_mgmt.capture_plan_baselines': 'automatic' }),
    /Set it to off/,
  ],
  [
    'green-parameters',
    'Babelfish in one group only',
    { blueParameters: read({ 'rds.logical_replication': '1', 'rds.babelfish_status': 'on' }) },
    /Make them equal/,
  ],
  ['green-parameters', 'no slot on green', green({ max_replication_slots: '0' }), /cannot follow blue/],
  [
    'green-parameters',
    'events of MySQL on green',
    { ...mysql('8.0.36', '8.0.40'), greenParameters: read({ event_scheduler: 'ON' }) },
    /Set it to OFF/,
  ],
  [
    'delayed-replication',
    'delayed replication',
    { blueParameters: read({ 'rds.logical_replication': '1', recovery_min_apply_delay: '3600000' }) },
    /Reset it/,
  ],
  ...rowsOf('blocker').map(({ rule, what, seen, more }): (typeof refusals)[number] => [
    rule,
    what,
    more,
    new RegExp(`^${seen.replaceAll('*', '.')}`),
  ]),
  [
    'source-is-top-level',
    'an instance of a cluster',
    trait({ memberOfCluster: 'shop' }),
    /Give "database": "shop"/,
  ],
  [
    'source-is-top-level',
    'two databases of that name',
    trait({ namesake: arnOf('orders', 'cluster') }),
    /Give the ARN/,
  ],
  [
    'engine-supported',
    'Oracle',
    { database: { ...instance, engine: 'oracle-ee' } },
    /no blue\/green deployments/,
  ],
  [
    'multi-az-db-cluster',
    'a cluster that is not Aurora',
    { ...aurora, database: { ...cluster, engine: 'postgres' } },
    /Multi-AZ DB cluster/,
  ],
  [
    'aurora-kind-supported',
    'Serverless v1',
    { ...aurora, ...trait({ serverlessV1: true }) },
    /Serverless v2/,
  ],
  ['aurora-kind-supported', 'Limitless', { ...aurora, ...trait({ limitless: true }) }, /Limitless/],
  [
    'aurora-kind-supported',
    'a global database',
    { ...aurora, ...trait({ globalCluster: 'world' }) },
    /Detach the cluster/,
  ],
  [
    'engine-version-supported',
    'PostgreSQL 16.0 over a major',
    { blue: blueSide({ engineVersion: '16.0' }) },
    /from 16\.1 on/,
  ],
  ['engine-version-supported', 'PostgreSQL 10', { blue: blueSide({ engineVersion: '10.23' }) }, /too old/],
  [
    'engine-version-supported',
    'Aurora PostgreSQL 17.2',
    { ...aurora, blue: clusterSide({ engineVersion: '17.2' }) },
    /from 17\.4 on/,
  ],
  ['engine-version-supported', 'MySQL 5.6', mysql('5.6.51', '5.7.44'), /Upgrade it in place to 5\.7/],
  [
    'managed-master-password',
    'Secrets Manager has the password',
    trait({ managedMasterPassword: true }),
    /password of your own/,
  ],
  ['replicas-supported', 'blue is a replica', trait({ replicaOf: 'shop' }), /replica of shop/],
  [
    'replicas-supported',
    'a replica in another Region',
    trait({ replicas: [arnOf('far', 'db', 'us-east-1')] }),
    /other Regions/,
  ],
  [
    'replicas-supported',
    'replicas of replicas',
    trait({ cascading: [{ replica: 'near', replicas: ['deep'] }] }),
    /near has replicas/,
  ],
  [
    'target-version-valid',
    'no way to that version',
    { targetVersion: '17.99' },
    /It does to: 16\.10, 17\.9, 17\.10/,
  ],
  [
    'target-version-valid',
    'an older version',
    { targetVersion: '15.7', replication: 'logical' },
    /no way down/,
  ],
  [
    'target-fits-kind',
    'a class for Aurora',
    { ...aurora, ...target({ instanceClass: 'db.r7g.large' }) },
    /target\.instanceClass is given for the cluster/,
  ],
  [
    'target-fits-kind',
    'storage for Aurora',
    { ...aurora, ...target({ storage: { allocatedGiB: 200 } }) },
    /target\.storage/,
  ],
  [
    'target-fits-kind',
    'a cluster group for an instance',
    target({ clusterParameterGroup: 'orders-17' }),
    /Only Aurora clusters/,
  ],
  [
    'target-members',
    'a member that is not there',
    target({ members: [{ member: 'orders-replica', instanceClass: 'db.r7g.large' }] }),
    /orders has orders\. Correct the name/,
  ],
  [
    'target-members',
    'the primary among the members',
    target({ members: [{ member: 'orders', instanceClass: 'db.r7g.large' }] }),
    /is the primary/,
  ],
  [
    'target-members',
    'storage of its own for an instance of Aurora',
    {
      ...aurora,
      ...target({ members: [{ member: 'ledger-1', allocatedGiB: 200 }] }),
      blue: clusterSide({ members: [member('ledger-1')] }),
    },
    /share the storage of Aurora/,
  ],
  [
    'target-parameter-group',
    'a group that is not there',
    { targetParameterGroup: read(null) },
    /there is no parameter group orders-17/,
  ],
  [
    'target-parameter-group',
    'a group of the old family',
    { targetParameterGroup: read({ name: 'orders-17', family: 'postgres16' }) },
    /family postgres16; version 17\.10 needs postgres17/,
  ],
  [
    'major-upgrade-groups',
    'an option group and a new major',
    { ...mysql('8.0.42', '8.4.5'), ...trait({ customOptionGroups: ['audit'] }) },
    /option group audit/,
  ],
  [
    'replication-parameters',
    'logical replication off',
    { blueParameters: read({}) },
    /is not set .* Set it to 1/,
  ],
  [
    'replication-parameters',
    'a default group',
    { blue: blueSide({ parameterGroup: 'default.postgres16' }) },
    /cannot be changed/,
  ],
  ['replication-parameters', 'binary log off', auroraMysql('OFF'), /binlog_format is OFF/],
  ['replication-parameters', 'binary log not set', auroraMysql(undefined), /binlog_format is not set/],
  [
    'replication-parameters',
    'commits that do not wait',
    { ...aurora, blueParameters: read({ 'rds.logical_replication': '1', synchronous_commit: 'off' }) },
    /synchronous_commit is off/,
  ],
  [
    'parameter-group-in-sync',
    'a writer that needs a reboot',
    { blue: blueSide({ members: [member('orders', { parameterGroupStatus: 'pending-reboot' })] }) },
    /Reboot it at a quiet moment/,
  ],
  [
    'database-allowed',
    'a database that is not in the list of the stack',
    { allowedDatabases: 'stock,shop' },
    /held to stock, shop\. Deploy the stack with --param="databases=stock,shop,orders"/,
  ],
  [
    'database-allowed',
    'a database without the tag of the stack',
    { allowedDatabases: 'tag:viridian=yes', tags: { viridian: 'no' } },
    /with the tag viridian=yes\. Give orders the tag/,
  ],
  [
    'copy-proved',
    'a run that only says to be on a copy',
    { copyRefused: 'this is no run on a copy: orders has not the name of a copy' },
    /no run on a copy: orders has not the name of a copy\. Leave "copy" out/,
  ],
  [
    'rehearsal-required',
    'a rehearsal that is demanded and was never made',
    { request: request({ rehearsal: { required: true } }), rehearsed: read(null) },
    /no rehearsal on a copy of orders has gone through\. Rehearse it/,
  ],
  [
    'rehearsal-required',
    'one that is too old',
    {
      request: request({ rehearsal: { required: true } }),
      rehearsed: read({ ...rehearsed, at: '2026-11-01T00:00:00.000Z' }),
    },
    /was at 2026-11-01T00:00:00\.000Z, more than 14 days ago/,
  ],
  [
    'rehearsal-required',
    'one of a database that has changed since',
    {
      request: request({ rehearsal: { required: true } }),
      rehearsed: read({ ...rehearsed, production: { ...rehearsed.production, engineVersion: '15.1' } }),
    },
    /not as it was rehearsed: version 15\.1 -> /,
  ],
  [
    'something-changes',
    'the same request again',
    {
      request: request({
        target: { engineVersion: '16.9', parameterGroup: 'orders-16', instanceClass: 'db.r7g.large' },
      }),
      targetVersion: '16.9',
    },
    /^nothing would change: orders already has version 16\.9, the parameter group orders-16, the class db\.r7g\.large/,
  ],
  ['backups-enabled', 'backups off', { blue: blueSide({ backupRetentionDays: 0 }) }, /at least 1 day/],
  [
    'source-available',
    'blue at work',
    { blue: blueSide({ members: [member('orders', { status: 'modifying' })] }) },
    /orders is modifying/,
  ],
  [
    'source-available',
    'a cluster at work',
    { ...aurora, blue: clusterSide({ status: 'upgrading' }) },
    /orders is upgrading/,
  ],
  [
    'source-available',
    'a status from the future',
    { blue: blueSide({ members: [member('orders', { status: 'quantum' })] }) },
    /orders is quantum/,
  ],
  [
    'pending-modifications',
    'a change that waits',
    trait({ pending: [{ id: 'orders', fields: ['DBInstanceClass'] }] }),
    /DBInstanceClass/,
  ],
  ['existing-deployment', 'somebody has one', existing('bgd-other', 'AVAILABLE'), /"adopt": "bgd-other"/],
  [
    'existing-deployment',
    'one is switched over',
    existing('bgd-other', 'SWITCHOVER_COMPLETED', null, 'orders-old1'),
    /Delete its record, without deleting the target/,
  ],
  [
    'existing-deployment',
    'one cannot be switched over any more',
    existing('bgd-other', 'SWITCHOVER_FAILED'),
    /cannot be switched over any more\. Delete it together with its green/,
  ],
  [
    'existing-deployment',
    'one is of another database, and has the name',
    existing('bgd-other', 'AVAILABLE', null, 'invoices'),
    /of arn:aws:rds:\S+:db:invoices has the name viridian-db-orders.*nothing about this database is in the way/,
  ],
  [
    'existing-deployment',
    'the adopted one has failed',
    { ...existing('bgd-mine', 'SWITCHOVER_FAILED'), request: request({ adopt: 'bgd-mine' }) },
    /is SWITCHOVER_FAILED and cannot be taken up\. Delete it/,
  ],
  ['existing-deployment', 'one is going', existing('bgd-other', 'DELETING'), /Wait until it is gone/],
  [
    'existing-deployment',
    'the adopted one is not there',
    { request: request({ adopt: 'bgd-mine' }) },
    /RDS does not list/,
  ],
  [
    'existing-deployment',
    'the adopted one is broken',
    { ...existing('bgd-mine', 'INVALID_CONFIGURATION'), request: request({ adopt: 'bgd-mine' }) },
    /cannot be taken up/,
  ],
  [
    'run-lock',
    'another run is open',
    { lock: read({ executionArn: otherRun, open: true }) },
    /belongs to the run .*:run-2, which is still open/,
  ],
  [
    'run-lock',
    'a run of another account',
    { lock: read({ executionArn: otherRun.replace(/:\d{12}:/, ':444455556666:'), open: null }) },
    /in the account 444455556666, .* free the database: aws rds remove-tags-from-resource --resource-name arn:/,
  ],
  [
    'run-lock',
    'a tag that names no run',
    { lock: read({ executionArn: 'mine', open: null }) },
    /"mine", which is no run\. .* --tag-keys viridian:execution/,
  ],
  [
    'execution-name',
    'a name that RDS does not take in a tag',
    { executionArn: `${executionArn}(2)!` },
    /holds "\(", "\)", "!", which RDS does not take/,
  ],
  [
    'quotas',
    'no room for instances',
    { quotas: read([{ name: 'DBInstances', used: 40, max: 40 }]) },
    /40 of 40 instances .* 1 more/,
  ],
  [
    'quotas',
    'no room for a cluster',
    {
      ...aurora,
      quotas: read([
        { name: 'DBInstances', used: 1, max: 40 },
        { name: 'DBClusters', used: 40, max: 40 },
      ]),
    },
    /40 of 40 clusters/,
  ],
  [
    'rollback-target',
    'a clone of an instance',
    { request: request({ target: { parameterGroup: 'orders-17' }, wayBack: { target: 'clone' } }) },
    /of which there are no clones. Leave the field out/,
  ],
  [
    'rollback-target',
    'old blue of Aurora',
    {
      ...aurora,
      request: request({ target: { clusterParameterGroup: 'orders-17' }, wayBack: { target: 'old-blue' } }),
    },
    /keeps old blue of the Aurora cluster orders closed/,
  ],
  [
    'rollback-target',
    'a clone without a fence',
    {
      ...aurora,
      request: request({ target: { clusterParameterGroup: 'orders-17' }, wayBack: { target: 'clone' } }),
    },
    /without oldBlue.fenceSecurityGroup/,
  ],
  [
    'fence-in-vpc',
    'a group of another VPC',
    { ...toClone, fence: stands('vpc-b') },
    /sg-0123456789abcdef0, which shop-0 has in vpc-b, while orders is in vpc-a.* Name a group of vpc-a/,
  ],
  [
    'window-holds-cut',
    'a zone that does not exist',
    {
      request: request({ window: { timeZone: 'Mars/Olympus', days: ['Sat'], from: '02:00', to: '04:00' } }),
    },
    /time zone/,
  ],
  [
    'run-fits-execution',
    'a window next year',
    { request: request({ window: { opensAt: '2027-11-21T02:00:00Z', closesAt: '2027-11-21T04:00:00Z' } }) },
    /Shorten the longest waits: window \(up to 365 d\)/,
  ],
  [
    'old-blue-deletable',
    'Aurora without a fence',
    {
      ...aurora,
      request: request({ target: { clusterParameterGroup: 'orders-17' }, oldBlue: { deleteAfterDays: 7 } }),
    },
    /needs a fence first/,
  ],
  [
    'hooks-invocable',
    'a hook that does not exist',
    {
      hooks: [
        { name: 'stopWrites', arn: hookArn, refused: 'Lambda.ResourceNotFoundException: Function not found' },
      ],
    },
    /hooks\.stopWrites \(arn:.*\) cannot be invoked: Lambda.*Function not found/,
  ],
  [
    'topics-heard',
    'no topic of announcements',
    { announcements: read(null) },
    /announcements does not exist/,
  ],
  ['topics-heard', 'no topic of approvals', { unheard: read(null) }, /approvals does not exist/],
  [
    'topics-heard',
    'a group that would not hear its question',
    { unheard: read(['nobody would hear the question of group dba: no subscription is confirmed']) },
    /group dba: no subscription is confirmed/,
  ],
  ['alarms-fine', 'an alarm that fires', bakeWith('ALARM'), /errors is in ALARM/],
  ['alarms-fine', 'an alarm without data', bakeWith('INSUFFICIENT_DATA'), /INSUFFICIENT_DATA/],
  ['alarms-fine', 'an alarm that is switched off', bakeWith('OK', false), /switched off/],
  ['alarms-fine', 'an alarm that is not there', bakeWith(null), /does not exist/],
  ['endpoint-record', 'no such record', byRecord(null), /Create it as a CNAME to orders\.example/],
  [
    'endpoint-record',
    'an address record',
    byRecord({ kind: 'other', what: 'a record of type A' }),
    /is a record of type A; only a simple CNAME/,
  ],
  [
    'endpoint-record',
    'a record that leads to another database',
    cname('invoices.example.eu-central-1.rds.amazonaws.com'),
    /leads to invoices\.example.*Let it lead there directly/,
  ],
  ['endpoint-record', 'a record with a TTL of an hour', cname(host, 3_600), /TTL of 3600 s.*at most 300 s/],
  [
    'endpoint-record',
    'a record that the stack may not change',
    byRecord({ kind: 'cname', target: host, ttlSeconds: 60 }, ['Z1ABC/other.example.com']),
    /wayBackRecords, which must hold Z1ABC\/orders-db\.example\.com/,
  ],
  [
    'read-ramp-record',
    'no such record',
    byReads(null),
    /Create it as a weighted CNAME to orders\.example.*SetIdentifier viridian-production, the weight 100/,
  ],
  [
    'read-ramp-record',
    'a simple CNAME',
    byReads({ kind: 'other', what: 'a simple CNAME' }),
    /is a simple CNAME; readers can be led step by step by a weighted CNAME alone/,
  ],
  [
    'read-ramp-record',
    'readers that an earlier run has left on green',
    byReads(
      weighted({ weight: 50 }, { identifier: 'viridian-green', weight: 50, target: 'orders-green.example' }),
    ),
    /"viridian-production" has the weight 50, and "viridian-green" leads to orders-green\.example.* and has the weight 50/,
  ],
  [
    'read-ramp-record',
    'a record of somebody else beside it',
    byReads(weighted({}, { identifier: 'canary', weight: 1 })),
    /has a record "canary" that no run has made/,
  ],
  [
    'read-ramp-record',
    'no record that leads to production',
    byReads(weighted({ identifier: 'viridian-green', weight: 0 })),
    /has no record "viridian-production"/,
  ],
  [
    'read-ramp-record',
    'a TTL of five minutes',
    byReads(weighted({ ttlSeconds: 300 })),
    /TTL of 300 s.*60 s at most/,
  ],
  [
    'read-ramp-record',
    'a record that the stack may not change',
    byReads(weighted({}), {}, []),
    /readRampRecords, which must hold Z1ABC\/orders-readers\.example\.com/,
  ],
  [
    'load-test',
    'a file that the stack may not read',
    byLoad({ statements: 's3://orders-tests/other.sql' }),
    /loadStatements, which must hold orders-tests\/other\.sql/,
  ],
  [
    'load-test',
    'a file that is not there, is too long, or is of another account',
    byLoad({}, { file: { unreadable: 'NoSuchKey: The specified key does not exist.' } }),
    /load\.sql of tests\.load\.statements could not be read: NoSuchKey.*bucket of this account, with 64 KiB at most/,
  ],
  [
    'load-test',
    'a file with a statement that writes',
    byLoad({}, { file: read(readFile('SELECT 1; DELETE FROM orders', 'postgresql')) }),
    /cannot be run: statement 2 \(line 1\) begins with DELETE/,
  ],
  [
    'load-test',
    'a file without a database of PostgreSQL',
    byLoad({ database: undefined }),
    /tests\.load\.database is missing/,
  ],
  [
    'load-test',
    "MariaDB's own statements",
    { ...byLoad({ statements: 'top' }), database: { ...facts().database, engine: 'mariadb' } },
    /MariaDB keeps no statement with its values.*a file, and name it in tests\.load\.statements/,
  ],
  [
    'load-test',
    'statements of MySQL 5.7',
    {
      ...byLoad({ statements: 'top' }),
      ...{ database: { ...facts().database, engine: 'mysql' }, blue: blueSide({ engineVersion: '5.7.44' }) },
    },
    /MySQL 5\.7\.44 keeps no statement/,
  ],
  [
    'load-test',
    'a server that keeps no statements',
    byLoad({ statements: 'top' }, { statements: { refused: 'no database of blue has the extension' } }),
    /no statement of tests\.load can be run: no database of blue has the extension/,
  ],
];

/** What each rule warns of. */
export const warnings: [rule: string, when: string, more: Partial<PreconditionFacts>][] = [
  ['topics-heard', 'announcements that nobody hears', { announcements: read(0) }],
  ['read-ramp-record', 'a blue without readers', byReads(weighted({}), { alone: true })],
  ['rds-proxy-healthy', 'a proxy', proxy('AVAILABLE', null)],
  [
    'pending-maintenance',
    'an update of the operating system',
    neighbour({
      maintenance: read([{ id: 'orders', action: 'system-update', due: '2026-11-29T03:00:00.000Z' }]),
    }),
  ],
  ['leftover-old-names', 'an old blue of last year', neighbour({ oldNames: read(['orders-old1']) })],
  [
    'custom-endpoint-static',
    'an endpoint with a fixed list',
    { ...aurora, ...neighbour({ staticEndpoints: read(['reports']) }) },
  ],
  ['activity-stream', 'an activity stream', { ...aurora, ...feature({ activityStream: true }) }],
  [
    'backtrack',
    'a cluster that can be backtracked',
    { ...auroraMysql('ROW'), ...feature({ backtrack: true }) },
  ],
  ['associated-roles', 'a role for imports', feature({ roles: ['orders-s3-import'] })],
  [
    'aurora-autoscaling',
    'a policy that scales readers',
    { ...aurora, ...neighbour({ scaling: read(['1 to 4 readers', 'the policy cpu']) }) },
  ],
  ['alarms-by-resource-id', 'an alarm on a resource id', neighbour({ alarmsById: read(['sessions']) })],
  ['aws-backup', 'continuous backups by AWS Backup', feature({ awsBackup: true })],
  ['iam-db-auth', 'users who sign in by IAM', feature({ iamAuthentication: true })],
  ['cloudformation-managed', 'a stack', feature({ stack: 'orders-prod' })],
  ['terraform-managed', 'a tag of Terraform', feature({ terraform: true })],
  ['multi-az-cost', 'several zones', feature({ multiAz: true })],
  ['auto-minor-upgrade', 'automatic minor versions', feature({ autoMinorUpgrade: ['orders'] })],
  [
    'aurora-replica-of-rds',
    'a cluster that replicates from blue',
    feature({ auroraReplicas: ['orders-aurora'] }),
  ],
  ['certificate-expiry', 'a certificate that ends soon', feature({ certificateEnds: '2026-12-06' })],
  [
    'snapshot-quota',
    'no room for the final snapshot',
    {
      ...quota('ManualSnapshots', 100, 100),
      request: request({ target: { parameterGroup: 'orders-17' }, oldBlue: { deleteAfterDays: 1 } }),
    },
  ],
  ['read-replica-limit', 'as many replicas as may be', quota('ReadReplicasPerMaster', 0, 0)],
  [
    'green-parameters',
    'no logical replication of green, which a way back needs',
    {
      greenParameters: read({}),
      request: request({ target: { parameterGroup: 'orders-17' }, wayBack: { login: {} } }),
    },
  ],
  ...rowsOf('warning').map(({ rule, what, more }): (typeof warnings)[number] => [rule, what, more]),
  ['sql-access', 'a request without a login', { sql: { notAsked: 'the request names no wayBack.login' } }],
  [
    'unlogged-tables',
    'an unlogged table within a major version',
    {
      ...found('unlogged-tables', ['public.quick in app']),
      targetVersion: '16.10',
      replication: 'physical',
      targetFamily: read('postgres17'),
    },
  ],
  [
    'bake-metrics-present',
    'a metric that blue does not have',
    { bakeMetrics: measured(60).filter(({ name }) => name !== 'ReadLatency') },
  ],
  [
    'bake-metrics-present',
    'a CloudWatch that cannot be asked',
    {
      bakeMetrics: measured(60).map((one) =>
        one.name === 'WriteLatency' ? { ...one, seen: unreadable('AccessDenied') } : one,
      ),
    },
  ],
  ['major-upgrade-groups', 'no group for the new major version', { request: request() }],
  [
    'parameter-group-in-sync',
    'a minor upgrade, and a reboot is due',
    {
      targetVersion: '16.10',
      replication: 'physical',
      blue: blueSide({ members: [member('orders', { parameterGroupStatus: 'pending-reboot' })] }),
    },
  ],
  [
    'rollback-target',
    'no room for a clone beside green',
    {
      ...toClone,
      quotas: read([
        { name: 'DBInstances', used: 3, max: 40 },
        { name: 'DBClusters', used: 38, max: 39 },
      ]),
    },
  ],
  ['fence-in-vpc', 'a group that no database has', { ...toClone, fence: stands() }],
  ['rollback-target', 'a volume that has many clones', { ...toClone, clones: read(15) }],
  ['identifier-length', 'a long name', { blue: blueSide({ members: [member('o'.repeat(51))] }) }],
  ['deletion-protection', 'blue is protected', { blue: blueSide({ deletionProtection: true }) }],
];

/** What is content, and the rules that it is an example for. */
export const contented: [rules: string[], what: string, more: Partial<PreconditionFacts>][] = [
  [['fence-in-vpc'], 'a group that is used in two VPCs', { ...toClone, fence: stands('vpc-b', 'vpc-a') }],
  [['fence-in-vpc'], 'no group at all', { ...aurora, fence: undefined }],
  [
    ['hooks-invocable', 'topics-heard'],
    'a hook and topics that can be reached',
    {
      hooks: [{ name: 'testGreen', arn: hookArn, refused: null }],
      announcements: read(2),
    },
  ],
  [
    [
      'zero-etl-integration',
      'rds-proxy-healthy',
      'instance-class-orderable',
      'dlv-consistent',
      'storage-quota',
      'green-parameters',
      'delayed-replication',
      'pending-maintenance',
      'leftover-old-names',
      'activity-stream',
      'backtrack',
      'associated-roles',
      'alarms-by-resource-id',
      'aws-backup',
      'iam-db-auth',
      'cloudformation-managed',
      'terraform-managed',
      'multi-az-cost',
      'auto-minor-upgrade',
      'aurora-replica-of-rds',
      'certificate-expiry',
      'snapshot-quota',
      'read-replica-limit',
    ],
    'nothing beside blue',
    {},
  ],
  [
    ['custom-endpoint-static', 'aurora-autoscaling'],
    'a cluster with plain endpoints and a fixed number of readers',
    aurora,
  ],
  [['storage-request'], 'throughput of gp3', storage({ throughput: 500, type: 'gp3' })],
  [['sql-access', ...sqlChecks.map(({ id }) => id)], 'databases in which no check finds anything', {}],
  [
    ['primary-keys', 'large-objects'],
    'a physical copy of tables without key',
    { ...found('primary-keys', ['public.keyless in app']), targetVersion: '16.10', replication: 'physical' },
  ],
  [
    ['rollback-target', 'fence-in-vpc'],
    'a way back on Aurora, and a volume with some clones',
    { ...toClone, clones: read(14) },
  ],
  [
    [
      'source-is-top-level',
      'engine-supported',
      'engine-version-supported',
      'managed-master-password',
      'target-version-valid',
      'target-parameter-group',
      'major-upgrade-groups',
      'replication-parameters',
      'parameter-group-in-sync',
      'source-available',
      'pending-modifications',
      'run-fits-execution',
      'identifier-length',
      'quotas',
      'deletion-protection',
      'database-allowed',
      'copy-proved',
      'rehearsal-required',
      'something-changes',
      'backups-enabled',
    ],
    'a major upgrade of PostgreSQL',
    {},
  ],
  [
    ['engine-version-supported', 'major-upgrade-groups', 'replication-parameters'],
    'a minor upgrade of PostgreSQL 11.22 with a default group',
    {
      targetVersion: '11.22',
      replication: 'physical',
      blue: blueSide({ engineVersion: '11.21', parameterGroup: 'default.postgres11' }),
      upgradeTargets: read(['11.22']),
      targetFamily: read('postgres17'),
    },
  ],
  [
    ['target-version-valid'],
    'the same version again',
    { targetVersion: '16.9', replication: 'physical', upgradeTargets: unreadable('not needed') },
  ],
  [
    ['target-members'],
    'another class for a reader',
    {
      blue: blueSide({ members: [member('orders'), member('orders-replica', { role: 'reader' })] }),
      ...target({
        engineVersion: '17.10',
        parameterGroup: 'orders-17',
        members: [{ member: 'orders-replica', instanceClass: 'db.r7g.xlarge' }],
      }),
    },
  ],
  [
    ['multi-az-db-cluster', 'aurora-kind-supported', 'target-fits-kind', 'target-parameter-group'],
    'Aurora PostgreSQL',
    aurora,
  ],
  [
    ['replication-parameters'],
    'Aurora MySQL with a binary log',
    { ...auroraMysql('ROW'), targetFamily: read('postgres17') },
  ],
  [['engine-version-supported', 'major-upgrade-groups'], 'MySQL 8.0 to 8.4', { ...mysql('8.0.42', '8.4.5') }],
  [
    ['old-blue-deletable'],
    'deletion of old blue on Aurora, behind a fence',
    {
      ...aurora,
      request: request({
        target: { clusterParameterGroup: 'orders-17' },
        oldBlue: { deleteAfterDays: 7, fenceSecurityGroup: 'sg-0123456789abcdef0' },
      }),
    },
  ],
  [['replicas-supported'], 'a replica in the same Region', trait({ replicas: ['orders-reader'] })],
  [
    ['existing-deployment'],
    'our own deployment, from an earlier attempt',
    existing('bgd-mine', 'PROVISIONING', executionArn),
  ],
  [
    ['existing-deployment', 'quotas'],
    'the deployment that is adopted, and full quotas',
    {
      ...existing('bgd-mine', 'AVAILABLE'),
      ...{
        quotas: read([{ name: 'DBInstances', used: 40, max: 40 }]),
        request: request({ adopt: 'bgd-mine', target: { parameterGroup: 'orders-17' } }),
      },
    },
  ],
  [['run-lock'], 'a lock of a run that has ended', { lock: read({ executionArn: otherRun, open: false }) }],
  [['execution-name'], 'a name with letters of any language', { executionArn: `${executionArn}-Jänner_1@x` }],
  [['run-lock'], 'our own lock', { lock: read({ executionArn, open: true }) }],
  [['endpoint-record'], 'a record that leads to production', cname(host)],
  [['read-ramp-record'], 'a weighted record that leads all readers to blue', byReads(weighted({}))],
  [['load-test'], 'statements of a file that can be run', byLoad()],
  [['load-test'], 'statements of the server', byLoad({ statements: 'top' }, { readable: [] })],
  [
    ['read-ramp-record'],
    "the record that an earlier run has left at rest, with green's beside it",
    byReads(weighted({}, { identifier: 'viridian-green', weight: 0 })),
  ],
  [['bake-metrics-present'], 'metrics with the fewest points that count', { bakeMetrics: measured(5) }],
  [
    ['bake-metrics-present'],
    'no metrics for a bake that compares none',
    {
      request: request({ target: { parameterGroup: 'orders-17' }, bake: { minutes: 0 } }),
      bakeMetrics: [],
    },
  ],
  [
    ['alarms-fine'],
    'alarms that are OK',
    {
      ...bakeWith('OK'),
      request: request({ target: { parameterGroup: 'orders-17' }, bake: { alarms: ['errors'] } }),
    },
  ],
  [
    ['window-holds-cut'],
    'a window ahead that is long enough',
    {
      request: request({
        target: { parameterGroup: 'orders-17' },
        window: { timeZone: 'Europe/Berlin', days: ['Sun'], from: '02:00', to: '04:00' },
      }),
    },
  ],
];
