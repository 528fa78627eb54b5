import { describe, expect, it } from 'vitest';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { PreconditionFacts } from '../../../functions/domain/preconditions/facts.ts';
import { preconditions } from '../../../functions/domain/preconditions/list.ts';
import { arnOf, blueSide, cluster, clusterSide, instance, member, request, saturday } from '../sample.ts';
import { cname, contented, facts, host, refusals, trait, warnings } from './precondition-rows.ts';

type Found = '' | 'blocker' | 'warning' | 'unknown' | string;
/** What one rule finds, whatever the others say. */
const findings = (rule: string, more: Partial<PreconditionFacts>) => {
  const own = preconditions.find(({ id }) => id === rule);
  if (!own) throw new Error(`no rule ${rule}`);
  return own.check(facts(more));
};

describe('a rule finds findings, and a rule that is content finds none', () => {
  it.each([...refusals, ...warnings].map(([id, when, more]) => [id, when, more] as const))(
    '%s: %s',
    (_id, _when, more) => {
      const all = preconditions.flatMap(({ check }) => check(facts(more)));
      for (const { severity, message } of all) {
        expect(['blocker', 'unknown', 'warning']).toContain(severity);
        expect(message).toMatch(/\w/);
      }
    },
  );
  it.each(contented)('%s: %s', (_rules, _what, more) => {
    expect(preconditions.flatMap(({ check }) => check(facts(more)))).toEqual([]);
  });
});

const quotas = (...all: [name: string, used: number, max: number][]) => ({
  quotas: read(all.map(([name, used, max]) => ({ name, used, max }))),
});
const asks = (more: object) => ({ request: request(more) });
const target = (more: object) => asks({ target: more });
const storage = (more: object, type: string | null): Partial<PreconditionFacts> => ({
  ...target({ storage: more }),
  features: { ...facts().features, storageType: type },
});
const aurora = (more: object = {}): Partial<PreconditionFacts> => ({
  database: cluster,
  blue: clusterSide(),
  ...asks({ target: { clusterParameterGroup: 'orders-17' }, ...more }),
});
const toClone = {
  wayBack: { login: {} },
  oldBlue: { fenceSecurityGroup: 'sg-0123456789abcdef0' },
};
const green = (parameters: Record<string, string>, more: Partial<PreconditionFacts> = {}) => ({
  greenParameters: read({ 'rds.logical_replication': '1', ...parameters }),
  ...more,
});
const group = (parameters: Record<string, string | undefined>) => ({ blueParameters: read(parameters) });
const rehearsal = { rehearsal: { required: true, notOlderThanDays: 2 } };
const rehearsed = (at: number) =>
  read({
    resourceId: 'db-ORDERS',
    at: new Date(at).toISOString(),
    production: {
      engineVersion: '16.9',
      parameterGroup: 'orders-16',
      instanceClass: member('orders').instanceClass,
      storageGiB: 100,
    },
    targetVersion: '17.10',
    measured: {},
  }) as unknown as NonNullable<PreconditionFacts['rehearsed']>;
const deployed = (status: string, source: string) => ({
  deployments: read([{ id: 'bgd-9', name: 'viridian-db-orders', status, source, executionArn: null }]),
});

describe('at the edge', () => {
  it.each<[rule: string, when: string, more: Partial<PreconditionFacts>, found: Found]>([
    ['backups-enabled', 'a day of backups is enough', { blue: blueSide({ backupRetentionDays: 1 }) }, ''],
    [
      'backups-enabled',
      'a cluster always has some',
      { ...aurora(), blue: clusterSide({ backupRetentionDays: 0 }) },
      '',
    ],
    ['snapshot-quota', 'nothing is deleted', quotas(['ManualSnapshots', 9, 9]), ''],
    [
      'snapshot-quota',
      'room for one',
      {
        ...asks({ target: {}, adopt: 'bgd-1', oldBlue: { deleteAfterDays: 1 } }),
        ...quotas(['ManualSnapshots', 8, 9]),
      },
      '',
    ],
    [
      'snapshot-quota',
      'no room',
      {
        ...asks({ target: {}, adopt: 'bgd-1', oldBlue: { deleteAfterDays: 1 } }),
        ...quotas(['ManualSnapshots', 9, 9]),
      },
      'warning',
    ],
    [
      'snapshot-quota',
      'no room for another kind',
      {
        ...asks({ target: {}, adopt: 'bgd-1', oldBlue: { deleteAfterDays: 1 } }),
        ...quotas(['ManualClusterSnapshots', 9, 9], ['DBInstances', 9, 9]),
      },
      '',
    ],
    [
      'snapshot-quota',
      'no room for a cluster',
      { ...aurora({ oldBlue: { deleteAfterDays: 1 } }), ...quotas(['ManualClusterSnapshots', 9, 9]) },
      'warning',
    ],
    [
      'read-replica-limit',
      'room for green',
      { ...trait({ replicas: ['a', 'b'] }), ...quotas(['ReadReplicasPerMaster', 0, 3]) },
      '',
    ],
    [
      'read-replica-limit',
      'no room for green',
      { ...trait({ replicas: ['a', 'b'] }), ...quotas(['ReadReplicasPerMaster', 0, 2]) },
      'warning',
    ],
    [
      'read-replica-limit',
      'another quota',
      { ...trait({ replicas: ['a', 'b'] }), ...quotas(['DBClusters', 0, 1]) },
      '',
    ],
    [
      'read-replica-limit',
      'green is there already',
      {
        ...asks({ target: {}, adopt: 'bgd-1' }),
        ...trait({ replicas: ['a'] }),
        ...quotas(['ReadReplicasPerMaster', 0, 1]),
      },
      '',
    ],
    [
      'read-replica-limit',
      'a cluster',
      { ...aurora(), ...trait({ replicas: ['a'] }), ...quotas(['ReadReplicasPerMaster', 0, 1]) },
      '',
    ],
    [
      'storage-quota',
      'just enough for two databases',
      {
        blue: blueSide({ members: [member('orders'), member('r1', { role: 'reader' })] }),
        ...quotas(['AllocatedStorage', 0, 200]),
      },
      '',
    ],
    [
      'storage-quota',
      'one GiB too little for two',
      {
        blue: blueSide({ members: [member('orders'), member('r1', { role: 'reader' })] }),
        ...quotas(['AllocatedStorage', 0, 199]),
      },
      'blocker',
    ],
    [
      'storage-quota',
      'green is there already',
      { ...asks({ target: {}, adopt: 'bgd-1' }), ...quotas(['AllocatedStorage', 0, 1]) },
      '',
    ],
    ['storage-quota', 'a cluster', { ...aurora(), ...quotas(['AllocatedStorage', 0, 1]) }, ''],
    ['storage-request', 'throughput of gp3', storage({ throughput: 500 }, 'gp3'), ''],
    [
      'storage-request',
      'throughput of a type that nobody knows',
      storage({ throughput: 500 }, null),
      'blocker',
    ],
    ['storage-request', 'IOPS of gp3', storage({ iops: 3_000 }, 'gp3'), ''],
    ['storage-request', 'IOPS of io1', storage({ iops: 3_000 }, 'io1'), ''],
    ['storage-request', 'IOPS of io2', storage({ iops: 3_000 }, 'io2'), ''],
    ['storage-request', 'IOPS of a type that is asked for', storage({ iops: 3_000, type: 'io2' }, 'gp2'), ''],
    ['storage-request', 'a size of gp2', storage({ allocatedGiB: 200 }, 'gp2'), ''],
    ['storage-request', 'the same size of magnetic storage', storage({ allocatedGiB: 100 }, 'standard'), ''],
    ['storage-request', 'nothing of the size of magnetic storage', storage({}, 'standard'), ''],
    [
      'storage-request',
      'another type than magnetic',
      storage({ allocatedGiB: 200, type: 'gp3' }, 'standard'),
      '',
    ],
    ['something-changes', 'a deployment that is taken up', asks({ target: {}, adopt: 'bgd-1' }), ''],
    ['something-changes', 'the version of blue', target({ engineVersion: '16.9' }), 'blocker'],
    ['something-changes', 'another version', target({ engineVersion: '16.10' }), ''],
    ['something-changes', 'the group of blue', target({ parameterGroup: 'orders-16' }), 'blocker'],
    [
      'something-changes',
      'a group that one of two has',
      {
        ...target({ parameterGroup: 'orders-16' }),
        blue: blueSide({ members: [member('orders'), member('r1', { parameterGroup: 'other' })] }),
      },
      '',
    ],
    [
      'something-changes',
      'the cluster group of blue',
      { ...aurora(), ...target({ clusterParameterGroup: 'orders-16' }) },
      'blocker',
    ],
    [
      'something-changes',
      'another cluster group',
      { ...aurora(), ...target({ clusterParameterGroup: 'orders-17' }) },
      '',
    ],
    ['something-changes', 'the class of blue', target({ instanceClass: 'db.r7g.large' }), 'blocker'],
    ['something-changes', 'another class', target({ instanceClass: 'db.r8g.large' }), ''],
    [
      'something-changes',
      'the class of a member',
      target({ members: [{ member: 'orders', instanceClass: 'db.r7g.large' }] }),
      'blocker',
    ],
    [
      'something-changes',
      'another class of a member',
      target({ members: [{ member: 'orders', instanceClass: 'db.r8g.large' }] }),
      '',
    ],
    ['something-changes', 'the size of blue', target({ storage: { allocatedGiB: 100 } }), 'blocker'],
    ['something-changes', 'another size', target({ storage: { allocatedGiB: 200 } }), ''],
    [
      'something-changes',
      'a type of storage, which is not compared',
      target({ storage: { type: 'gp3' } }),
      '',
    ],
    ['rehearsal-required', 'not asked for', { rehearsed: read(null) }, ''],
    ['rehearsal-required', 'nobody looked', asks({ ...rehearsal, target: { engineVersion: '17.10' } }), ''],
    [
      'rehearsal-required',
      'none',
      { ...asks({ ...rehearsal, target: { engineVersion: '17.10' } }), rehearsed: read(null) },
      'blocker',
    ],
    [
      'rehearsal-required',
      'two days old',
      {
        ...asks({ ...rehearsal, target: { engineVersion: '17.10' } }),
        rehearsed: rehearsed(saturday - 2 * 86_400_000),
      },
      '',
    ],
    [
      'rehearsal-required',
      'a moment older',
      {
        ...asks({ ...rehearsal, target: { engineVersion: '17.10' } }),
        rehearsed: rehearsed(saturday - 2 * 86_400_000 - 1),
      },
      'blocker',
    ],
    [
      'engine-version-supported',
      'the oldest version',
      { blue: blueSide({ engineVersion: '11.1' }), replication: 'physical', targetVersion: '11.1' },
      '',
    ],
    [
      'engine-version-supported',
      'an older one',
      { blue: blueSide({ engineVersion: '11.0' }), targetVersion: '11.1' },
      'blocker',
    ],
    [
      'engine-version-supported',
      'the oldest minor version that follows',
      { blue: blueSide({ engineVersion: '16.1' }) },
      '',
    ],
    [
      'engine-version-supported',
      'an older minor version',
      { blue: blueSide({ engineVersion: '16.0' }) },
      'blocker',
    ],
    [
      'engine-version-supported',
      'an older minor version within a major one',
      { blue: blueSide({ engineVersion: '15.3' }), targetVersion: '15.4' },
      '',
    ],
    [
      'engine-version-supported',
      'a version that is newer than all',
      { blue: blueSide({ engineVersion: '17.0' }), targetVersion: '18.1' },
      '',
    ],
    [
      'engine-version-supported',
      'a version of Aurora older than all',
      { database: cluster, blue: clusterSide({ engineVersion: '10.21' }) },
      'blocker',
    ],
    [
      'engine-version-supported',
      'the first major version of the list on Aurora',
      { database: cluster, blue: clusterSide({ engineVersion: '11.21' }) },
      '',
    ],
    [
      'engine-version-supported',
      'an engine that has none',
      { database: { ...instance, engine: 'oracle-ee' }, blue: blueSide({ engineVersion: '1.0' }) },
      '',
    ],
    ['database-allowed', 'every database', { allowedDatabases: 'all' }, ''],
    ['database-allowed', 'it by name', { allowedDatabases: 'crm,orders' }, ''],
    ['database-allowed', 'others by name', { allowedDatabases: 'crm,orders2' }, 'blocker'],
    ['database-allowed', 'it by its tag', { allowedDatabases: 'tag:team=a=b', tags: { team: 'a=b' } }, ''],
    ['database-allowed', 'others by tag', { allowedDatabases: 'tag:team=a', tags: { team: 'b' } }, 'blocker'],
    [
      'database-allowed',
      'a database that is called like a tag',
      { allowedDatabases: 'xtag:team=a', tags: { team: 'a' } },
      'blocker',
    ],
    ['delayed-replication', 'no delay', group({ recovery_min_apply_delay: '0' }), ''],
    ['delayed-replication', 'nothing', group({ recovery_min_apply_delay: '' }), ''],
    ['delayed-replication', 'a delay', group({ recovery_min_apply_delay: '5' }), 'blocker'],
    [
      'delayed-replication',
      'a delay, where every block is copied',
      { ...group({ recovery_min_apply_delay: '5' }), replication: 'physical' },
      '',
    ],
    [
      'major-upgrade-groups',
      'a default group',
      { ...target({ engineVersion: '17.10' }), blue: blueSide({ parameterGroup: 'default.postgres16' }) },
      '',
    ],
    ['major-upgrade-groups', 'an own group', target({ engineVersion: '17.10' }), 'warning'],
    [
      'major-upgrade-groups',
      'an own group within a major version',
      { ...target({ engineVersion: '16.10' }), targetVersion: '16.10' },
      '',
    ],
    ['major-upgrade-groups', 'green has its groups already', asks({ target: {}, adopt: 'bgd-1' }), ''],
    [
      'major-upgrade-groups',
      'an option group of PostgreSQL',
      {
        ...target({ engineVersion: '17.10', parameterGroup: 'x' }),
        ...trait({ customOptionGroups: ['own'] }),
      },
      '',
    ],
    [
      'existing-deployment',
      'an old blue of this database',
      deployed('SWITCHOVER_COMPLETED', `${arnOf('orders')}-old1`),
      'covers this database already',
    ],
    [
      'existing-deployment',
      'another database whose name begins so',
      deployed('AVAILABLE', `${arnOf('orders')}-old1`),
      'nothing about this database is in the way',
    ],
    [
      'existing-deployment',
      'another database that was switched over',
      deployed('SWITCHOVER_COMPLETED', arnOf('crm')),
      'nothing about this database is in the way',
    ],
    [
      'existing-deployment',
      'one that is deleted',
      deployed('DELETING', arnOf('orders')),
      'Wait until it is gone',
    ],
    [
      'existing-deployment',
      'one that failed',
      deployed('SWITCHOVER_FAILED', arnOf('orders')),
      'cannot be switched over any more',
    ],
    [
      'existing-deployment',
      'one that broke',
      deployed('INVALID_CONFIGURATION', arnOf('orders')),
      'cannot be switched over any more',
    ],
    [
      'existing-deployment',
      'one that may be taken up',
      deployed('AVAILABLE', arnOf('orders')),
      'or take it up with',
    ],
    [
      'existing-deployment',
      'one that is built is taken up',
      { ...asks({ target: {}, adopt: 'bgd-9' }), ...deployed('PROVISIONING', arnOf('orders')) },
      '',
    ],
    [
      'existing-deployment',
      'one that is over is taken up',
      { ...asks({ target: {}, adopt: 'bgd-9' }), ...deployed('SWITCHOVER_COMPLETED', arnOf('orders')) },
      'cannot be taken up',
    ],
    [
      'existing-deployment',
      'one that is not there is taken up',
      asks({ target: {}, adopt: 'bgd-9' }),
      'RDS does not list',
    ],
    [
      'multi-az-db-cluster',
      'a cluster of an engine that nobody knows',
      { database: { ...cluster, engine: 'docdb' } },
      '',
    ],
    [
      'parameter-group-in-sync',
      'the writer of a logical copy',
      { blue: blueSide({ members: [member('orders', { parameterGroupStatus: 'pending-reboot' })] }) },
      'blocker',
    ],
    [
      'parameter-group-in-sync',
      'the writer of a physical copy',
      {
        replication: 'physical',
        blue: blueSide({ members: [member('orders', { parameterGroupStatus: 'pending-reboot' })] }),
      },
      'warning',
    ],
    [
      'parameter-group-in-sync',
      'the writer of a cluster',
      {
        ...aurora(),
        replication: 'binlog',
        blue: clusterSide({ members: [member('orders-1', { parameterGroupStatus: 'pending-reboot' })] }),
      },
      'blocker',
    ],
    [
      'parameter-group-in-sync',
      'a reader',
      {
        blue: blueSide({
          members: [
            member('orders'),
            member('r1', { role: 'reader', parameterGroupStatus: 'pending-reboot' }),
          ],
        }),
      },
      'warning',
    ],
    [
      'pending-modifications',
      'a database without any',
      trait({ pending: [{ id: 'orders', fields: [] }] }),
      '',
    ],
    ['replicas-supported', 'a replica of this Region by its ARN', trait({ replicas: [arnOf('r1')] }), ''],
    [
      'replicas-supported',
      'a replica of another Region',
      trait({ replicas: [arnOf('r1', 'db', 'eu-west-1')] }),
      'blocker',
    ],
    [
      'replicas-supported',
      'a replica without replicas',
      trait({ cascading: [{ replica: 'r1', replicas: [] }] }),
      '',
    ],
    [
      'replication-parameters',
      'switched on in large letters',
      group({ 'rds.logical_replication': 'ON' }),
      '',
    ],
    ['replication-parameters', 'switched off', group({ 'rds.logical_replication': 'off' }), 'blocker'],
    ['replication-parameters', 'not set', group({}), 'rds.logical_replication is not set'],
    [
      'replication-parameters',
      'commits that do not wait, of an instance',
      group({ 'rds.logical_replication': '1', synchronous_commit: 'off' }),
      '',
    ],
    [
      'replication-parameters',
      'commits that do not wait, of a cluster',
      { ...aurora(), ...group({ 'rds.logical_replication': '1', synchronous_commit: 'off' }) },
      'blocker',
    ],
    [
      'rollback-target',
      'room for green and the clone',
      { ...aurora(toClone), ...quotas(['DBInstances', 7, 10], ['DBClusters', 8, 10]) },
      '',
    ],
    [
      'rollback-target',
      'no instance left for the clone',
      { ...aurora(toClone), ...quotas(['DBInstances', 8, 10]) },
      'warning',
    ],
    [
      'rollback-target',
      'no cluster left for the clone',
      { ...aurora(toClone), ...quotas(['DBClusters', 9, 10]) },
      'warning',
    ],
    ['rollback-target', 'another quota', { ...aurora(toClone), ...quotas(['AllocatedStorage', 9, 9]) }, ''],
    [
      'rollback-target',
      'green is there already',
      {
        ...aurora({ ...toClone, target: {}, adopt: 'bgd-1' }),
        ...quotas(['DBInstances', 9, 10], ['DBClusters', 9, 10]),
      },
      '',
    ],
    ['rollback-target', 'no way back is asked for', { ...aurora(), ...quotas(['DBInstances', 10, 10]) }, ''],
    [
      'rollback-target',
      'old blue itself is the target',
      { ...asks({ target: {}, adopt: 'bgd-1', ...toClone }), ...quotas(['DBInstances', 10, 10]) },
      '',
    ],
    [
      'source-is-top-level',
      'a cluster that is given as one',
      { ...aurora(), ...trait({ memberOfCluster: 'orders' }) },
      '',
    ],
    [
      'target-members',
      'the writer of a cluster',
      aurora({ target: { members: [{ member: 'orders-1', instanceClass: 'db.r8g.large' }] } }),
      '',
    ],
    [
      'target-members',
      'the primary of an instance',
      target({ members: [{ member: 'orders', instanceClass: 'db.r8g.large' }] }),
      'blocker',
    ],
    [
      'target-members',
      'a replica',
      {
        ...target({ members: [{ member: 'r1', instanceClass: 'db.r8g.large' }] }),
        blue: blueSide({ members: [member('orders'), member('r1', { role: 'reader' })] }),
      },
      '',
    ],
    [
      'target-version-valid',
      'a version of another spelling',
      { targetVersion: '16.9.0', upgradeTargets: read(['16.9.0']) },
      '',
    ],
    [
      'target-version-valid',
      'a version that is nearly one of RDS',
      { targetVersion: '17.1', upgradeTargets: read(['16.10', '17.10']) },
      '17.1 (did you mean 17.10?)',
    ],
    [
      'target-version-valid',
      'a version that ends like one of RDS',
      { targetVersion: '18.0', upgradeTargets: read(['17.18.0']) },
      'to 18.0. It does to: 17.18.0.',
    ],
    [
      'target-version-valid',
      'a version where RDS has none',
      { targetVersion: '18.0', upgradeTargets: read([]) },
      'It does to: none.',
    ],
    ['topics-heard', 'nobody looked', { announcements: undefined as never, unheard: undefined as never }, ''],
    [
      'source-available',
      'it is deleted',
      { blue: blueSide({ members: [member('orders', { status: 'deleting' })] }) },
      'blocker',
    ],
    ['green-parameters', 'its group is not known', { ...green({}), greenGroup: null }, ''],
    [
      'green-parameters',
      'a library that is called nearly so',
      green({ shared_preload_libraries: 'my_pg_cron' }),
      '',
    ],
    [
      'green-parameters',
      'a library among others',
      green({ shared_preload_libraries: 'pgaudit, pg_cron' }),
      'blocker',
    ],
    [
      'green-parameters',
      'a library, where every block is copied',
      green({ shared_preload_libraries: 'pg_cron' }, { replication: 'physical' }),
      '',
    ],
    [
      'green-parameters',
      'both load pgaudit',
      {
        ...green({ shared_preload_libraries: 'pgaudit' }),
        ...group({ 'rds.logical_replication': '1', shared_preload_libraries: 'pgaudit' }),
      },
      '',
    ],
    [
      'green-parameters',
      'plans are captured by themselves',
      green({ 'apg_plan_mgmt.capture_plan_baselines': 'automatic' }),
      'blocker',
    ],
    [
      'green-parameters',
      'plans are captured by hand',
      green({ 'apg_plan_mgmt.capture_plan_baselines': 'manual' }),
      '',
    ],
    ['green-parameters', 'no slot', green({ max_replication_slots: '0' }), 'blocker'],
    ['green-parameters', 'no sender', green({ max_wal_senders: '0' }), 'blocker'],
    ['green-parameters', 'no worker', green({ max_logical_replication_workers: '0' }), 'blocker'],
    ['green-parameters', 'one slot', green({ max_replication_slots: '1' }), ''],
    [
      'green-parameters',
      'slots by a formula',
      green({ max_replication_slots: '{DBInstanceClassMemory/0}' }),
      '',
    ],
    [
      'green-parameters',
      'a way back that it could not feed',
      {
        ...asks({ target: { parameterGroup: 'x' }, wayBack: { login: {} } }),
        ...green({ 'rds.logical_replication': '0' }),
      },
      'rds.logical_replication is 0',
    ],
    [
      'green-parameters',
      'a way back that it could not feed, as nothing is set',
      { ...asks({ target: { parameterGroup: 'x' }, wayBack: { login: {} } }), greenParameters: read({}) },
      'rds.logical_replication is not set',
    ],
    ['green-parameters', 'no way back is asked for', green({ 'rds.logical_replication': '0' }), ''],
    [
      'green-parameters',
      'a way back that is turned off',
      {
        ...asks({ target: { parameterGroup: 'x' }, wayBack: { enabled: false, login: {} } }),
        ...green({ 'rds.logical_replication': '0' }),
      },
      '',
    ],
    ['endpoint-record', 'nobody looked', { ...cname(host), endpointRecord: undefined as never }, ''],
    ['endpoint-record', 'a TTL that is advised', cname(host, 60), ''],
    ['endpoint-record', 'a TTL that is longer', cname(host, 61), 'warning'],
    ['endpoint-record', 'a TTL that is just bearable', cname(host, 300), 'warning'],
    ['endpoint-record', 'a TTL that is not', cname(host, 301), 'blocker'],
    [
      'alarms-fine',
      'another alarm was read',
      {
        ...asks({ target: {}, adopt: 'bgd-1', bake: { alarms: ['errors'] } }),
        alarms: [{ name: 'other', seen: unreadable('AccessDenied') }],
      },
      'alarm errors was not read',
    ],
    [
      'alarms-fine',
      'the second of two fires',
      {
        ...asks({ target: {}, adopt: 'bgd-1', bake: { alarms: ['a', 'b'] } }),
        alarms: [
          { name: 'a', seen: read({ state: 'OK', actionsEnabled: true }) },
          { name: 'b', seen: read({ state: 'ALARM', actionsEnabled: true }) },
        ],
      },
      'blocker',
    ],
    [
      'run-fits-execution',
      'waits of a month',
      asks({ target: {}, adopt: 'bgd-1', oldBlue: { deleteAfterDays: 30 } }),
      '',
    ],
    [
      'run-fits-execution',
      'waits of many hundred days',
      asks({
        target: {},
        adopt: 'bgd-1',
        oldBlue: { deleteAfterDays: 60 },
        window: { opensAt: '2027-06-01T00:00:00Z', closesAt: '2027-06-02T00:00:00Z' },
      }),
      'blocker',
    ],
  ])('%s: %s', (rule, _when, more, expected) => {
    const found = findings(rule, more);
    if (['blocker', 'warning', 'unknown'].includes(expected))
      expect(found.map(({ severity }) => severity)).toEqual([expected]);
    else if (expected === '') expect(found).toEqual([]);
    else expect(found.map(({ message }) => message).join('\n')).toContain(expected);
  });
});
