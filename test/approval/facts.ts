import type { DBInstance } from '@aws-sdk/client-rds';
import { asSide } from '../../functions/aws/rds/side.ts';
import { planHash } from '../../functions/domain/build/plan-hash.ts';
import type { Deployment, Window } from '../../functions/domain/model/deployment.ts';
import { type Request, requestSchema } from '../../functions/domain/request/request.ts';

/** The database that the tests of the approval are about. */
export const databaseId = 'orders-eu';
export const account = '111122223333';
export const region = 'eu-west-1';
export const deploymentId = 'bgd-orders0000000001';

const arnOf = (id: string) => `arn:aws:rds:${region}:${account}:db:${id}`;

/** An instance as `DescribeDBInstances` gives it. */
export function instance(id: string, resourceId: string, version: string, group: string): DBInstance {
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: arnOf(id),
    DbiResourceId: resourceId,
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.r7g.large',
    Engine: 'postgres',
    EngineVersion: version,
    MultiAZ: true,
    AllocatedStorage: 100,
    BackupRetentionPeriod: 7,
    DeletionProtection: true,
    Endpoint: { Address: `${id}.abc.${region}.rds.amazonaws.com`, Port: 5432 },
    DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: 'in-sync' }],
  };
}

export const blueInstance = () => instance(databaseId, 'db-BLUE0000000001', '15.8', `${databaseId}-15`);
export const greenInstance = () =>
  instance(`${databaseId}-green-a1b2c3`, 'db-GREEN000000001', '17.2', `${databaseId}-17`);

/** `$deployment` as it is when approval is asked for. */
export function makeDeployment(change: Partial<Deployment> = {}): Deployment {
  const blue = asSide({ instances: [blueInstance()] });
  const green = asSide({ instances: [greenInstance()] });
  return {
    name: `viridian-${databaseId}`,
    id: deploymentId,
    database: {
      kind: 'instance',
      id: databaseId,
      arn: arnOf(databaseId),
      engine: 'postgres',
      account,
      region,
    },
    blue,
    green,
    status: 'AVAILABLE',
    replication: 'logical',
    planHash: planHash({ deploymentId, blue, green }),
    differences: ['backup retention 7 -> 14 days (asked for)'],
    ...change,
  };
}

/** `$request`, with every default filled in. */
export function makeRequest(change: object = {}): Request {
  return requestSchema.parse({
    database: databaseId,
    target: { engineVersion: '17.2' },
    requestedBy: 'alice@example.com',
    ticket: 'CHG-1234',
    ...change,
  });
}

/** `$window` of a question that is asked at `now` and may be answered for a day. */
export function makeWindow(now: number, answerHours = 24): Window {
  const iso = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  return { opensAt: iso(0), closesAt: iso(answerHours + 4), approveBy: iso(answerHours) };
}
