import { describe, expect, it } from 'vitest';
import { describeStanding, listStanding } from '../../../functions/domain/outcome/standing.ts';
import type { SideFound, StandingFacts } from '../../../functions/domain/outcome/standing-facts.ts';
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
    [null, "CALL mysql.rds_set_configuration('binlog retention hours', NULL);"],
    [24, "CALL mysql.rds_set_configuration('binlog retention hours', 24);"],
  ])('tells of a log that is kept longer than %s hours, with what gives that back', (before, sql) => {
    const [found] = listed({ logKept: { hours: 168, before } }, { family: 'mysql' });
    expect(found).toMatchObject({ kind: 'kept log', hurts: true, remove: { sql, database: 'mysql' } });
    expect(found?.what).toContain('168 hours');
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
});
