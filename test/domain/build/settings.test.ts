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
    if (exemption)
      expect(Object.keys(exemption)).toEqual([expect.stringMatching(/^(own|judged|told|part)$/)]);
    if (!exemption) expect(found).toMatchObject([{ field: name, wanted: false }]);
    else if ('told' in exemption) expect(found).toMatchObject([{ field: name, wanted: true }]);
    else if ('own' in exemption)
      expect([found, exemption.own]).toEqual([[], expect.stringMatching(/\w+ \w+/)]);
    else if ('judged' in exemption)
      expect([found, exemption.judged]).toEqual([[], expect.stringMatching(/^\w+$/)]);
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
    [
      'the directory',
      'instance',
      { DomainMemberships: [{ Domain: 'd-1', Status: 'joined' }] },
      { DomainMemberships: [{ Domain: 'd-2', Status: 'joined' }] },
    ],
    [
      'the authority of the certificate',
      'cluster',
      { CertificateDetails: { CAIdentifier: 'rsa4096', ValidTill: 'soon' } },
      { CertificateDetails: { CAIdentifier: 'rsa2048', ValidTill: 'soon' } },
    ],
    [
      'the security group of old times',
      'instance',
      { DBSecurityGroups: [{ DBSecurityGroupName: 'a' }] },
      { DBSecurityGroups: [{ DBSecurityGroupName: 'b' }] },
    ],
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

describe('a value', () => {
  const compare = (blue: unknown, green: unknown, name = 'X') =>
    compareSettings(
      settings('instance', 'b', { [name]: blue }),
      settings('instance', 'g', { [name]: green }),
    );

  test.each([null, '', false, 0, [], {}, { a: 0, b: [] }])('%j is as one that RDS leaves out', (value) => {
    expect(compare(undefined, value)).toEqual([]);
  });

  test('is the same whatever the order of its fields', () => {
    expect(compare({ a: 1, b: [2], c: new Date(0) }, { c: new Date(0), b: [2], a: 1 })).toEqual([]);
  });

  test('of a list that RDS leaves out is an empty list', () => {
    expect(compare(undefined, [], 'VpcSecurityGroups')).toEqual([]);
  });

  test.each<[unknown, unknown, string]>([
    [undefined, 'x', 'X of g is "x", of b not set'],
    [[1, 2], [2, 1], 'X of g is [2,1], of b [1,2]'],
    [{ b: 1, a: 2, c: 0 }, { a: { d: true } }, 'X of g is {a:{d:true}}, of b {a:2,b:1}'],
    [new Date(0), new Date(1_000), 'X of g is 1970-01-01T00:00:01.000Z, of b 1970-01-01T00:00:00.000Z'],
    ['y'.repeat(300), 'x', `X of g is "x", of b "${'y'.repeat(199)}`],
  ])('%j is not %j', (blue, green, sentence) => {
    expect(compare(blue, green)).toEqual([{ field: 'X', wanted: false, sentence }]);
  });

  test('that RDS does not take along is told with what to do', () => {
    expect(compare(['role'], undefined, 'AssociatedRoles')).toMatchObject([
      {
        sentence: expect.stringMatching(
          /of g is not set, of b .*\. RDS does not attach .* does after the cut/,
        ),
      },
    ]);
  });

  test.each(['mine', undefined])('of an own option group is compared whole: %s', (name) => {
    const [own, other] = ['theirs', name].map((one) => [{ OptionGroupName: one }]);
    expect(compare(own, other, 'OptionGroupMemberships')).toHaveLength(1);
  });

  test('of the default option groups of a cluster is no difference', () => {
    const [blue, green, own] = ['default:aurora-8-0', 'default:aurora-8-4', 'own'].map((name) => ({
      DBClusterOptionGroupMemberships: [{ DBClusterOptionGroupName: name }],
    })) as [object, object, object];
    const seen = (one: object) =>
      compareSettings(settings('cluster', 'b', blue), settings('cluster', 'g', one));
    expect([seen(green), seen(own).length]).toEqual([[], 1]);
  });

  test('that is asked for and that both have is no difference', () => {
    const same = settings('instance', 'b', { Iops: 3_000 });
    expect(compareSettings(same, same, { Iops: 3_000 })).toEqual([]);
    expect(askedStorage(request().target)).toEqual({});
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

  const follows = { StorageType: 'gp2', Iops: 600, StorageThroughput: 0 };
  const compareAll = (target: object, id: string) =>
    compareSides('postgres', request({ target }), blueSide({ members: [] }), green, [
      [
        settings('instance', 'orders', { StorageType: 'gp3', Iops: 3_000, StorageThroughput: 125 }),
        settings('instance', id, follows),
      ],
    ]).undeclared.map((sentence) => sentence.split(':')[0]);

  test.each<[what: string, target: object, id: string, faults: string[]]>([
    ['is told of the primary', { storage: { allocatedGiB: 100 } }, green.id, []],
    ['is a fault of a reader', { storage: { allocatedGiB: 100 } }, 'reader', Object.keys(follows).toSorted()],
    [
      'is a fault where none was asked for',
      { parameterGroup: 'orders-16' },
      green.id,
      Object.keys(follows).toSorted(),
    ],
  ])('what follows from its size %s', (_, target, id, faults) => {
    expect(compareAll(target, id)).toEqual(faults);
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

describe('storage of a replica', () => {
  const compare = (green: object, members: object[] = [], blue: object = { AllocatedStorage: 100 }) =>
    compareSides(
      'postgres',
      request({ target: { engineVersion: '16.9', members } }),
      blueSide({ members: [] }),
      greenSide({ engineVersion: '16.9', parameterGroup: 'orders-16', members: [] }),
      [[settings('instance', 'orders-replica', blue), settings('instance', 'orders-replica-green', green)]],
    );
  const asked = [{ member: 'orders-replica', allocatedGiB: 200 }];

  test.each<[what: string, green: object, members: object[], declared: number, undeclared: number]>([
    ['is the same', { AllocatedStorage: 100 }, [], 0, 0],
    ['is less than blue has', { AllocatedStorage: 50 }, [], 0, 1],
    ['is more, as was asked for', { AllocatedStorage: 200 }, asked, 1, 0],
    ['is not what was asked for', { AllocatedStorage: 100 }, asked, 0, 1],
    ['is unknown', {}, [], 0, 1],
  ])('%s', (_what, green, members, declared, undeclared) => {
    const found = compare(green, members);
    expect([found.declared.length, found.undeclared.length]).toEqual([declared, undeclared]);
    for (const sentence of found.undeclared)
      expect(sentence).toMatch(/^storageGiB: orders-replica-green has/);
  });

  test('is not looked at of Aurora, whose instances share theirs', () => {
    const ofCluster = { DBClusterIdentifier: 'ledger' };
    const found = compare({ ...ofCluster, AllocatedStorage: 1 }, [], { ...ofCluster, AllocatedStorage: 2 });
    expect(found.undeclared).toEqual([]);
  });
});
