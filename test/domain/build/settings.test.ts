import { DBCluster$, DBInstance$ } from '@aws-sdk/client-rds';
import { describe, expect, test } from 'vitest';
import { compareSides } from '../../../functions/domain/build/parity.ts';
import {
  askedStorage,
  clusterExemptions,
  compareSettings,
  instanceExemptions,
  type Settings,
} from '../../../functions/domain/build/settings.ts';
import { blueSide, greenSide, request } from '../sample.ts';

/** Names of the members of a structure in the SDK's own model. */
const fieldsOf = (schema: unknown) => (schema as unknown[])[4] as string[];
const models = [
  ['instance', fieldsOf(DBInstance$), instanceExemptions],
  ['cluster', fieldsOf(DBCluster$), clusterExemptions],
] as const;

const settings = (kind: Settings['kind'], id: string, fields: object): Settings => ({
  id,
  kind,
  fields: { ...fields },
});

describe.each(models)('every field that RDS gives of a %s', (kind, fields, exemptions) => {
  test('is in the model that this test knows', () => {
    expect(fields.length).toBeGreaterThan(80);
    expect(Object.keys(exemptions).filter((name) => !fields.includes(name))).toEqual([]);
  });

  test.each(fields)('%s is compared, or exempt for a reason', (name) => {
    const exemption = exemptions[name];
    // What a part is made of has the shape of its field; any other value is compared as it is.
    const value = (one: string) =>
      exemption && 'part' in exemption
        ? [one, [one], [{ [`${one}`]: one }]].find((shape) => exemption.part(shape) !== undefined)
        : one;
    const [blue, green] = [value('a'), value('b')].map((one, index) =>
      settings(kind, index === 0 ? 'orders' : 'orders-green', { [name]: one }),
    ) as [Settings, Settings];
    const found = compareSettings(blue, green);
    if (!exemption) expect(found).toMatchObject([{ field: name, wanted: false }]);
    else if ('told' in exemption) expect(found).toMatchObject([{ field: name, wanted: true }]);
    else if ('own' in exemption) expect(exemption.own).toMatch(/\w+ \w+/);
    else if ('judged' in exemption) expect(exemption.judged).toMatch(/^\w+$/);
  });

  test('a field that this version does not know is compared', () => {
    const found = compareSettings(
      settings(kind, 'orders', { BrandNew: 16 }),
      settings(kind, 'orders-green', { BrandNew: 1 }),
    );
    expect(found).toEqual([
      { field: 'BrandNew', wanted: false, sentence: 'BrandNew of orders-green is 1, of orders 16' },
    ]);
  });
});

describe('what people have found missing on green', () => {
  const changed: [string, Settings['kind'], object, object][] = [
    [
      'the capacity of Serverless v2',
      'cluster',
      { ServerlessV2ScalingConfiguration: { MinCapacity: 16, MaxCapacity: 64 } },
      { ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 64 } },
    ],
    ['the security groups', 'instance', groups('sg-a', 'sg-b'), groups('sg-a')],
    ['the log exports', 'instance', logs('postgresql', 'upgrade'), logs('postgresql')],
    ['the monitoring', 'instance', { MonitoringInterval: 60 }, {}],
    ['the insights', 'instance', { PerformanceInsightsEnabled: true }, { PerformanceInsightsEnabled: false }],
    ['the key', 'cluster', { KmsKeyId: 'arn:a' }, { KmsKeyId: 'arn:b' }],
    ['the option group', 'instance', options('own'), options('default:mysql-8-4')],
    [
      'the certificate authority',
      'instance',
      { CACertificateIdentifier: 'rsa4096' },
      { CACertificateIdentifier: 'rsa2048' },
    ],
    ['the limit of storage', 'instance', { MaxAllocatedStorage: 1_000 }, {}],
    ['the sign-in by IAM', 'cluster', { IAMDatabaseAuthenticationEnabled: true }, {}],
    ['the subnets', 'instance', subnet('a'), subnet('b')],
    ['being public', 'instance', { PubliclyAccessible: false }, { PubliclyAccessible: true }],
    ['the promotion tier', 'instance', { PromotionTier: 1 }, { PromotionTier: 15 }],
  ];

  test.each(changed)('%s is seen', (_, kind, blue, green) => {
    const found = compareSettings(settings(kind, 'orders', blue), settings(kind, 'orders-green', green));
    expect(found).toMatchObject([{ wanted: false }]);
  });

  test.each(changed)('%s differs only where it does', (_, kind, blue) => {
    expect(compareSettings(settings(kind, 'orders', blue), settings(kind, 'orders-green', blue))).toEqual([]);
  });

  test('order, a status and what RDS leaves out are no difference', () => {
    const blue = { ...groups('sg-a', 'sg-b'), MonitoringInterval: 0, ...options('default:mysql-8-0') };
    const green = { ...groups('sg-b', 'sg-a'), ProcessorFeatures: [], ...options('default:mysql-8-4') };
    const late = {
      ...green,
      VpcSecurityGroups: green.VpcSecurityGroups.map((one) => ({ ...one, Status: 'adding' })),
    };
    expect(compareSettings(settings('instance', 'a', blue), settings('instance', 'b', late))).toEqual([]);
  });
});

describe('storage that the request asks for', () => {
  const storage = { type: 'io2', iops: 12_000 } as const;
  const asked = request({ target: { storage } });
  const pair = (green: object): [Settings, Settings][] => [
    [
      settings('instance', 'orders', { StorageType: 'gp3', Iops: 3_000, StorageThroughput: 125 }),
      settings('instance', greenSide().id, { StorageThroughput: 0, ...green }),
    ],
  ];
  const green = greenSide({ engineVersion: '16.9', parameterGroup: 'orders-16', members: [] });
  const compare = (fields: object) =>
    compareSides('postgres', asked, blueSide({ members: [] }), green, pair(fields));

  test('goes before the approvers where green has it', () => {
    const { declared, undeclared } = compare({ StorageType: 'io2', Iops: 12_000 });
    expect(undeclared).toEqual([]);
    expect(declared.join('\n')).toMatch(/StorageType of \S+ is "io2", of orders "gp3", wanted is "io2"/);
  });

  test.each([
    ['the type', { StorageType: 'gp3', Iops: 12_000 }, /^StorageType: /],
    ['the IOPS', { StorageType: 'io2', Iops: 3_000 }, /^Iops: .* is 3000, of orders 3000, wanted is 12000/],
  ])('is missed where green lacks %s', (_, fields, says) => {
    expect(compare(fields).undeclared).toEqual([expect.stringMatching(says)]);
  });

  test('names its fields as RDS does', () => {
    expect(askedStorage({ ...asked.target, storage: { throughput: 500 } })).toEqual({
      StorageThroughput: 500,
    });
  });
});

function groups(...ids: string[]) {
  return { VpcSecurityGroups: ids.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })) };
}
function logs(...names: string[]) {
  return { EnabledCloudwatchLogsExports: names };
}
function options(name: string) {
  return { OptionGroupMemberships: [{ OptionGroupName: name, Status: 'in-sync' }] };
}
function subnet(name: string) {
  return { DBSubnetGroup: { DBSubnetGroupName: name, Subnets: [{ SubnetIdentifier: `subnet-${name}` }] } };
}
