import {
  type BlueGreenDeployment,
  type DBInstance,
  type DBSnapshot,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  DescribeEventsCommand,
  ListTagsForResourceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { executionTag } from '../../functions/domain/model/tags.ts';

export const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:blue-green-deployment:run-1';
export const otherRun = executionArn.replace('run-1', 'run-2');
export const arnOf = (name: string) => `arn:aws:rds:eu-west-1:111122223333:db:${name}`;

/** An error as an SDK client throws it. */
export function awsError(name: string, status = 400, message = 'no'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** A call whose answer never came. */
export function lostAnswer(): Error {
  return Object.assign(new Error('socket hang up'), {
    name: 'TimeoutError',
    code: 'ECONNRESET',
    $metadata: {},
  });
}

export function instance(name: string, resourceId: string, fields: Partial<DBInstance> = {}): DBInstance {
  return {
    DBInstanceIdentifier: name,
    DBInstanceArn: arnOf(name),
    DbiResourceId: resourceId,
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.r7g.large',
    Engine: 'postgres',
    EngineVersion: '16.14',
    MultiAZ: false,
    AllocatedStorage: 100,
    BackupRetentionPeriod: 7,
    Endpoint: { Address: `${name}.example.com`, Port: 5432 },
    DBParameterGroups: [{ DBParameterGroupName: 'orders', ParameterApplyStatus: 'in-sync' }],
    ...fields,
  };
}

export function record(status: string, fields: Partial<BlueGreenDeployment> = {}): BlueGreenDeployment {
  return {
    BlueGreenDeploymentIdentifier: 'bgd-1',
    BlueGreenDeploymentName: 'viridian-db-orders',
    Source: arnOf('orders'),
    Target: arnOf('orders-green-abc123'),
    Status: status,
    Tasks: [{ Name: 'CREATING_READ_REPLICA_OF_SOURCE', Status: 'COMPLETED' }],
    SwitchoverDetails: [
      { SourceMember: arnOf('orders'), TargetMember: arnOf('orders-green-abc123'), Status: status },
    ],
    TagList: [{ Key: executionTag, Value: executionArn }],
    ...fields,
  };
}

/** What the fake describes; whoever writes must be given an answer of their own. */
export interface Described {
  instances: DBInstance[];
  records: BlueGreenDeployment[];
  snapshots: DBSnapshot[];
  tags: Record<string, Record<string, string>>;
}

/** Answers every Describe from `described`; all other commands answer nothing. */
export function fakeRds(described: Partial<Described> = {}) {
  const state: Described = { instances: [], records: [], snapshots: [], tags: {}, ...described };
  const stub = mockClient(RDSClient);
  stub.onAnyCommand().resolves({});
  stub.on(DescribeEventsCommand).resolves({ Events: [] });
  stub.on(DescribeDBInstancesCommand).callsFake(({ DBInstanceIdentifier: name, Filters: [filter] = [] }) => {
    const found = state.instances.filter((one) =>
      name
        ? [one.DBInstanceIdentifier, one.DBInstanceArn].includes(name)
        : filter?.Values?.includes(fieldOf(filter.Name, one) ?? ''),
    );
    if (name && found.length === 0) throw awsError('DBInstanceNotFoundFault', 404);
    return { DBInstances: found };
  });
  stub
    .on(DescribeBlueGreenDeploymentsCommand)
    .callsFake(({ BlueGreenDeploymentIdentifier: id, Filters: [filter] = [] }) => {
      const found = state.records.filter((one) =>
        id
          ? one.BlueGreenDeploymentIdentifier === id
          : !filter || filter.Values?.includes(one.BlueGreenDeploymentName ?? ''),
      );
      if (id && found.length === 0) throw awsError('BlueGreenDeploymentNotFoundFault', 404);
      return { BlueGreenDeployments: found };
    });
  stub.on(DescribeDBSnapshotsCommand).callsFake(({ DBSnapshotIdentifier: id }) => {
    const found = state.snapshots.filter((one) => one.DBSnapshotIdentifier === id);
    if (found.length === 0) throw awsError('DBSnapshotNotFoundFault', 404);
    return { DBSnapshots: found };
  });
  stub.on(ListTagsForResourceCommand).callsFake(({ ResourceName: arn }) => ({
    TagList: Object.entries(state.tags[arn] ?? {}).map(([Key, Value]) => ({ Key, Value })),
  }));
  return { stub, state, writes: () => stub.calls().map(nameOf).filter(isWrite) };
}

/** What a filter of instances looks at. */
function fieldOf(filter: string | undefined, one: DBInstance): string | undefined {
  if (filter === 'dbi-resource-id') return one.DbiResourceId;
  if (filter === 'db-instance-id') return one.DBInstanceIdentifier;
  return filter === 'db-cluster-id' ? one.DBClusterIdentifier : undefined;
}

const nameOf = (call: { args: unknown[] }) =>
  (call.args[0] as object).constructor.name.replace(/Command$/, '');
const isWrite = (name: string) => !/^(Describe|List)/.test(name);
