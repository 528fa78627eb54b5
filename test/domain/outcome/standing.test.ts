import { describe, expect, it } from 'vitest';
import { describeStanding, listStanding } from '../../../functions/domain/outcome/standing.ts';
import type { SideFound, StandingFacts } from '../../../functions/domain/outcome/standing-facts.ts';
import { longestTtl } from '../../../functions/domain/read-ramp/step.ts';
import type { Leftovers } from '../../../functions/domain/way-back/facts.ts';
import { nothingLeft } from '../sample.ts';

function sideOf(role: SideFound['role'], rest: Partial<SideFound> = {}): SideFound {
  const now = {
    id: `orders-${role}`,
    arn: `arn:aws:rds:eu-west-1:111122223333:db:orders-${role}`,
    resourceId: `db-${role}`,
    endpoint: `${role}.example`,
    deletionProtection: false,
  };
  return { role, isCluster: false, now, ...rest };
}

const listed = (
  left: Partial<Leftovers>,
  facts: Partial<StandingFacts> = {},
  role: SideFound['role'] = 'green',
) =>
  listStanding({
    sides: [sideOf(role, { inside: { value: { ...nothingLeft, ...left } } as SideFound['inside'] })],
    production: 'db-green',
    ...facts,
  });

describe('what stands inside a server', () => {
  it.each<[kind: string, left: Partial<Leftovers>, sql: string, database: string, hurts: boolean]>([
    [
      'held roles',
      {
        heldRoles: [
          { role: 'app', database: 'shop' },
          { role: 'jobs', database: 'shop' },
        ],
      },
      "SELECT viridian.hold_role(role, false) FROM unnest(ARRAY['app', 'jobs']::name[]) AS role;",
      'shop',
      true,
    ],
    ['closed database', { closed: ['shop'] }, 'SELECT viridian.open_database();', 'shop', true],
    ['subscription', { subscriptions: ['shop'] }, 'SELECT viridian.unsubscribe();', 'shop', false],
    ['publication', { publications: ['shop'] }, 'SELECT viridian.unpublish();', 'shop', false],
    [
      'slot',
      { slots: [{ name: 'viridian_shop', database: 'shop', active: false, retainedBytes: 2048 }] },
      "SELECT viridian.drop_slot('viridian_shop');",
      'shop',
      true,
    ],
    ['password', { passwordSet: true }, 'SELECT viridian.set_replication_password(NULL);', 'postgres', false],
  ])('%s: told with the statement that frees it', (kind, left, sql, database, hurts) => {
    expect(listed(left)).toMatchObject([
      {
        kind,
        remove: { sql, database, address: 'green.example' },
        hurts,
        on: 'new production orders-green (db-green)',
        resourceId: 'db-green',
      },
    ]);
  });

  it('names roles by the database that remembers them', () => {
    const heldRoles = [
      { role: 'app', database: 'shop' },
      { role: 'reader', database: 'mail' },
    ];
    expect(listed({ heldRoles }).map(({ remove }) => remove)).toMatchObject([
      { sql: "SELECT viridian.hold_role('app', false);", database: 'shop' },
      { sql: "SELECT viridian.hold_role('reader', false);", database: 'mail' },
    ]);
  });

  it('advises a closed database by who serves', () => {
    expect(listed({ closed: ['shop'] })[0]?.safe).toContain('only when this database is to serve');
    const old = listed({ closed: ['shop'] }, {}, 'blue')[0];
    expect(old).toMatchObject({ hurts: false, on: 'old blue orders-blue (db-blue)' });
    expect(old?.safe).toContain('never while the other one serves');
  });

  it('hurts by what is held where nobody knows who serves', () => {
    expect(listed({ closed: ['shop'] }, { production: undefined }, 'blue')[0]).toMatchObject({
      hurts: true,
      on: 'blue orders-blue (db-blue)',
    });
  });

  it('says of a slot whether it is read', () => {
    const slot = { name: 'viridian_shop', database: 'shop', retainedBytes: 1024 };
    expect(listed({ slots: [{ ...slot, active: true }] })[0]?.what).toContain('and is being read');
    expect(listed({ slots: [{ ...slot, active: false }] })[0]?.what).toContain('it fills the disk');
  });

  it('has statements of the MySQL family for its servers', () => {
    const [closed, stream] = listed({ closed: ['shop'], subscriptions: ['shop'] }, { family: 'mysql' });
    expect(closed && describeStanding(closed).command).toContain('ACCOUNT UNLOCK');
    expect(closed && describeStanding(closed).text).toContain('As viridian (the fence locks');
    expect(stream && describeStanding(stream).command).toContain('mysql.rds_stop_replication');
  });

  it.each([
    [
      null,
      'only as long as it is needed',
      "CALL mysql.rds_set_configuration('binlog retention hours', NULL);",
    ],
    [24, 'for 24 hours', "CALL mysql.rds_set_configuration('binlog retention hours', 24);"],
  ])('tells of a log that is kept longer than %s hours, with what gives that back', (before, usual, sql) => {
    const [found] = listed({ logKept: { hours: 168, before } }, { family: 'mysql' });
    expect(found).toMatchObject({ kind: 'kept log', hurts: true, remove: { sql, database: 'mysql' } });
    expect(found?.what).toContain(`168 hours, before the run ${usual}: it may`);
  });

  it.each([
    ['postgresql', 'pg_replication_slots', 'postgres'],
    ['mysql', 'viridian.taken', 'mysql'],
  ] as const)(
    'of %s that could not be asked is told with a statement that shows it',
    (family, sql, database) => {
      const inside = { unreadable: 'timeout expired' } as SideFound['inside'];
      const [found] = listStanding({ sides: [sideOf('green', { inside })], production: 'db-green', family });
      expect(found).toMatchObject({ kind: 'unread', hurts: true, remove: { database } });
      expect(found?.what).toContain('timeout expired');
      expect(found && describeStanding(found).command).toContain(sql);
    },
  );
});

describe('what stands in AWS', () => {
  const protectedBlue = sideOf('blue');
  protectedBlue.now.deletionProtection = true;

  it('names protection of old blue, and never of production', () => {
    const green = sideOf('green');
    green.now.deletionProtection = true;
    expect(listStanding({ sides: [protectedBlue, green], production: 'db-green' })).toMatchObject([
      {
        kind: 'deletion protection',
        hurts: false,
        remove: {
          command:
            'aws rds modify-db-instance --db-instance-identifier orders-blue --no-deletion-protection --apply-immediately',
        },
      },
    ]);
    expect(listStanding({ sides: [protectedBlue], production: undefined })).toEqual([]);
  });

  it('names the fence where it is the only group, with the groups of production', () => {
    const sides = [
      sideOf('blue', { isCluster: true, securityGroups: ['sg-fence'] }),
      sideOf('green', { isCluster: true, securityGroups: ['sg-app', 'sg-fence'] }),
    ];
    expect(listStanding({ sides, production: 'db-green', fence: 'sg-fence' })).toMatchObject([
      {
        kind: 'security group',
        hurts: false,
        remove: {
          command:
            'aws rds modify-db-cluster --db-cluster-identifier orders-blue --vpc-security-group-ids sg-app sg-fence --apply-immediately',
        },
      },
    ]);
    expect(
      listStanding({ sides: [sideOf('blue', { securityGroups: [] })], production: 'db-green', fence: 'sg' }),
    ).toEqual([]);
  });

  it('tells a fence before production as hurting, and what hurts first', () => {
    const tags = { value: { 'viridian:execution': 'a', owner: 'team' } } as SideFound['tags'];
    const sides = [sideOf('green', { securityGroups: ['sg-fence'], tags })];
    const found = listStanding({ sides, production: 'db-green', fence: 'sg-fence' });
    expect(found.map(({ kind, hurts }) => [kind, hurts])).toEqual([
      ['security group', true],
      ['tags', false],
    ]);
  });

  it('names the mark of a green that is kept, with the command that takes it away', () => {
    const tags = { value: { 'viridian:green': 'a' } } as SideFound['tags'];
    expect(listStanding({ sides: [sideOf('green', { tags })], production: 'db-blue' })).toMatchObject([
      {
        kind: 'tags',
        on: 'green orders-green (db-green)',
        remove: {
          command:
            'aws rds remove-tags-from-resource --resource-name arn:aws:rds:eu-west-1:111122223333:db:orders-green --tag-keys viridian:green',
        },
      },
    ]);
  });

  it('names only tags of ours', () => {
    const tags = { value: { owner: 'team' } } as SideFound['tags'];
    expect(listStanding({ sides: [sideOf('blue', { tags })], production: 'db-green' })).toEqual([]);
  });

  it('names the mark of a member apart, where a cluster has one', () => {
    const arn = 'arn:aws:rds:eu-west-1:111122223333:db:orders-2';
    const tags = { unreadable: 'Throttling' };
    const sides = [
      sideOf('green', { tags, markedMembers: [{ arn, tags: { 'viridian:green': 'a', owner: 'team' } }] }),
    ];
    expect(listStanding({ sides, production: 'db-blue' })).toMatchObject([
      {
        kind: 'tags',
        what: 'the tag viridian:green of its member orders-2 names a run',
        remove: {
          command: `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys viridian:green`,
        },
      },
    ]);
  });

  it('names members with the same tags in one entry, with a command for each', () => {
    const arns = ['orders-1', 'orders-2', 'orders-3'].map(
      (id) => `arn:aws:rds:eu-west-1:111122223333:db:${id}`,
    );
    const marks = { 'viridian:execution': 'a', 'viridian:side': 'old-blue', 'viridian:database': 'orders' };
    const markedMembers = arns.map((arn, index) => ({
      arn,
      tags: index === 2 ? { 'viridian:green': 'a' } : marks,
    }));
    const found = listStanding({ sides: [sideOf('green', { markedMembers })], production: 'db-blue' });
    expect(found.map(describeStanding).map(({ command }) => command)).toEqual([
      arns
        .slice(0, 2)
        .map(
          (arn) =>
            `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys viridian:execution viridian:side viridian:database`,
        )
        .join(' && '),
      `aws rds remove-tags-from-resource --resource-name ${arns[2]} --tag-keys viridian:green`,
    ]);
    expect(found[0]?.what).toContain('of its members orders-1, orders-2 name a run');
  });

  it('names two tags in one command', () => {
    const tags = { value: { 'viridian:execution': 'a', 'viridian:green': 'a' } };
    expect(listStanding({ sides: [sideOf('blue', { tags })], production: 'db-green' })).toMatchObject([
      {
        what: 'the tags viridian:execution, viridian:green name a run',
        remove: { command: expect.stringMatching(/--tag-keys viridian:execution viridian:green$/) },
      },
    ]);
  });

  it.each<[string, SideFound[], string | undefined, string | undefined]>([
    [
      'there are others beside it',
      [sideOf('blue', { securityGroups: ['sg-fence', 'sg-app'] })],
      'sg-fence',
      'db-green',
    ],
    ['the request names none', [sideOf('blue', { securityGroups: ['sg-fence'] })], undefined, 'db-green'],
    ['the database has no group', [sideOf('blue', { securityGroups: [] })], 'sg-fence', 'db-green'],
  ])('says nothing of a fence where %s', (_what, sides, fence, production) => {
    expect(listStanding({ sides, production, fence })).toEqual([]);
  });

  it('says of a fence whose production is not known which groups to look for, and does not say that it hurts', () => {
    const sides = [sideOf('blue', { securityGroups: ['sg-fence'] })];
    for (const production of [undefined, 'db-green'])
      expect(listStanding({ sides, production, fence: 'sg-fence' })).toMatchObject([
        {
          hurts: false,
          remove: { command: expect.stringContaining('--vpc-security-group-ids THE-GROUPS-OF-PRODUCTION') },
        },
      ]);
  });
});

describe('readers who are led to a database that does not serve', () => {
  const record = { hostedZoneId: 'Z1', recordName: 'Readers.example.com.' };
  const weighted = (green: number): NonNullable<StandingFacts['reads']>['seen'] => ({
    value: {
      kind: 'weighted',
      sets: [
        { identifier: 'viridian-production', weight: 100 - green, target: 'blue.example', ttlSeconds: 5 },
        { identifier: 'viridian-green', weight: green, target: 'green.example', ttlSeconds: 7 },
      ],
    },
  });
  const sides = [
    sideOf('blue', { readerHost: 'blue.example' }),
    sideOf('green', { readerHost: 'green.example' }),
  ];
  const found = (seen: NonNullable<StandingFacts['reads']>['seen'], more: Partial<StandingFacts> = {}) =>
    listStanding({ sides, production: 'db-blue', reads: { record, seen }, ...more });
  const command = (one: ReturnType<typeof found>[number] | undefined) => one && describeStanding(one).command;

  it('are told with their share, and led back by one command', () => {
    const [reads, ...others] = found(weighted(20));
    expect(others).toEqual([]);
    expect(reads).toMatchObject({
      kind: 'reads',
      on: 'green orders-green (db-green)',
      what: '20 % of the readers are led here by readers.example.com',
      hurts: true,
    });
    expect(command(reads)).toMatch(/^aws route53 change-resource-record-sets --hosted-zone-id Z1 /);
    expect(command(reads)).toContain('"Value":"blue.example"');
    expect(command(reads)).not.toContain('green.example');
    expect(command(reads)).toContain('"TTL":7');
    expect(command(found(weighted(20), { sides: sides.toReversed() })[0])).toBe(command(reads));
  });

  it('may be there where the record could not be read: told, with the longest TTL that a request allows', () => {
    const [reads] = found({ unreadable: 'Throttling' });
    expect(reads).toMatchObject({
      what: 'readers may be led here by readers.example.com, which could not be read (Throttling)',
      hurts: false,
    });
    expect(command(reads)).toContain(`"TTL":${longestTtl}`);
  });

  it('are led to a name that a person fills in where the readers of production have none', () => {
    const alone = [sideOf('blue'), sideOf('green', { readerHost: 'green.example' })];
    for (const production of ['db-blue', 'db-else'])
      expect(command(found(weighted(20), { sides: alone, production })[0])).toContain(
        '"Value":"THE-READER-ENDPOINT-OF-PRODUCTION"',
      );
  });

  it.each<[string, ReturnType<typeof found>]>([
    ['all are led to production', found(weighted(0))],
    ['the database serves', found(weighted(20), { production: 'db-green', sides: sides.slice(1) })],
    ['the request leads no readers', found(weighted(20), { reads: undefined })],
  ])('are not told where %s', (_what, none) => {
    expect(none).toEqual([]);
  });
});

it('a one-time password is taken away in a database where something else of ours stands, if there is one', () => {
  const at = (left: Partial<Leftovers>) => listed({ passwordSet: true, ...left }).at(-1)?.remove;
  expect(at({ closed: ['shop'], publications: ['mail'] })).toMatchObject({ database: 'shop' });
  expect(at({ publications: ['mail'] })).toMatchObject({ database: 'mail' });
});

it.each<[string, SideFound['role'], string | undefined, string]>([
  ['a clone', 'clone', 'db-clone', 'the clone of old blue orders-clone (db-clone)'],
  ['blue that serves', 'blue', 'db-blue', 'blue orders-blue (db-blue)'],
  ['a side where nobody knows who serves', 'green', undefined, 'green orders-green (db-green)'],
])('names %s by its part', (_what, role, production, on) => {
  const inside = { value: { ...nothingLeft, closed: ['shop'] } };
  expect(listStanding({ sides: [sideOf(role, { inside })], production })).toMatchObject([{ on }]);
});
