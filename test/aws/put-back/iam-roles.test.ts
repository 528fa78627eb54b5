import { expect, test } from 'vitest';
import { iamRoles } from '../../../functions/aws/put-back/iam-roles.ts';
import type { RawSide } from '../../../functions/aws/rds/side.ts';

type Roles = [role: string, feature: string, status: string][];

const withRoles = (...databases: [name: string, roles: Roles][]): RawSide => ({
  instances: databases.map(([DBInstanceIdentifier, roles]) => ({
    DBInstanceIdentifier,
    AssociatedRoles: roles.map(([role, FeatureName, Status]) => ({
      RoleArn: `arn:aws:iam::1:role/${role}`,
      FeatureName,
      Status,
    })),
  })),
});

const former = withRoles(['shop-old1', [['imports', 's3Import', 'ACTIVE']]]);
const judge = (serving: RawSide, of = former) =>
  iamRoles({ former: of, serving, production: 'shop' }).map((one) => ({
    ...one,
    ...('put' in one && { put: true }),
  }));

const what = 'IAM role imports for s3Import of shop';
test.each([
  ['lacks it', [], { state: 'lacking', because: 'shop does not have it', put: true }],
  ['has it', [['imports', 's3Import', 'ACTIVE']], { state: 'present' }],
  ['is getting it', [['imports', 's3Import', 'PENDING']], { state: 'coming' }],
  [
    'cannot use it',
    [['imports', 's3Import', 'INVALID']],
    { state: 'lacking', because: 'on shop it is INVALID' },
  ],
  [
    'has another one for the same feature',
    [['mine', 's3Import', 'ACTIVE']],
    { state: 'lacking', because: 'shop has mine for it' },
  ],
  [
    'has it for another feature',
    [['imports', 's3Export', 'ACTIVE']],
    { state: 'lacking', because: 'shop does not have it', put: true },
  ],
] as [string, Roles, object][])('production %s', (_what, roles, judged) => {
  expect(judge(withRoles(['shop', roles]))).toEqual([{ what, ...judged }]);
});

test('roles of a replica belong to the replica of the same name, whatever stands before it', () => {
  const role: Roles = [['imports', 's3Import', 'ACTIVE']];
  const of = withRoles(['shop-old1', []], ['shop-a-b-old1', role], ['shop-a-old1', []]);
  const serving = withRoles(['shop', []], ['shop-a', role], ['shop-a-b', []]);
  expect(judge(serving, of)).toEqual([
    {
      what: 'IAM role imports for s3Import of shop-a-b',
      state: 'lacking',
      because: 'shop-a-b does not have it',
      put: true,
    },
  ]);
  expect(judge(withRoles(['shop', []]), of)).toMatchObject([{ because: 'its replica has no counterpart' }]);
});

test('roles of Aurora are those of the cluster, which may name no feature', () => {
  const role = { RoleArn: 'arn:aws:iam::1:role/imports', Status: 'ACTIVE' };
  const cluster = (DBClusterIdentifier: string, AssociatedRoles: object[]) => ({
    cluster: { DBClusterIdentifier, AssociatedRoles },
    instances: [],
  });
  expect(judge(cluster('shop', []), cluster('shop-old1', [role]))).toEqual([
    { what: 'IAM role imports of shop', state: 'lacking', because: 'shop does not have it', put: true },
  ]);
  expect(judge(cluster('shop', [role]), cluster('shop-old1', [role]))).toMatchObject([{ state: 'present' }]);
});
