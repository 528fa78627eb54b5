import { describe, expect, it } from 'vitest';
import { isPostgres } from '../../../functions/domain/model/engine.ts';
import type { DatabaseFacts, ServerFacts } from '../../../functions/domain/way-back/facts.ts';
import { judgeWayBack } from '../../../functions/domain/way-back/feasibility.ts';
import type { WayBackCase } from '../../../functions/domain/way-back/judgement.ts';
import { beginWayBack } from '../../../functions/domain/way-back/state.ts';

const database: DatabaseFacts = {
  name: 'shop',
  tables: 12,
  sequences: 3,
  withoutIdentity: [],
  unlogged: [],
  rowSecurity: [],
  bytes: 0.5 * 2 ** 30,
  largeObjects: 0,
  replicaTriggers: [],
  ownersCode: [],
  refusedStatements: [],
  foreignPublications: [],
  foreignSubscriptions: [],
  missing: [],
  missingToAnalyze: [],
};

const appRole = { name: 'app', exists: true, unholdable: null, ownSettings: [] };

const server: ServerFacts = {
  version: 150018,
  major: 15,
  inRecovery: false,
  databases: [database],
  applicationRoles: [appRole],
  otherLoginRoles: [],
  missing: [],
  capacity: {
    walLevel: 'logical',
    slots: { used: 1, max: 20 },
    senders: { used: 1, max: 20 },
    workers: { used: 0, max: 4 },
    workerProcesses: { used: 1, max: 8 },
  },
  foreignSlots: [],
  openTransactions: [],
  tellsPassword: [],
};

const asked: WayBackCase = {
  enabled: true,
  engine: 'postgres',
  replication: 'logical',
  stopsWrites: false,
  applicationRoles: ['app'],
  compare: 'counts',
  losesStatistics: true,
  blue: server,
};

const capacity = (change: Partial<ServerFacts['capacity']>): ServerFacts => ({
  ...server,
  capacity: { ...server.capacity, ...change },
});

describe('is there a way back without losing a row?', () => {
  it.each<[string, Partial<WayBackCase>]>([
    ['everything is as the setup file makes it', {}],
    ['green is fine too', { green: server }],
    ['Aurora PostgreSQL', { engine: 'aurora-postgresql' }],
    ['a hook stops writes, so no role needs to be held', { stopsWrites: true, applicationRoles: [] }],
    ['a hook stops writes, so green may be a physical copy', { stopsWrites: true, replication: 'physical' }],
  ])('yes: %s', (_name, given) => {
    expect(judgeWayBack({ ...asked, ...given })).toEqual({
      possible: true,
      because: [],
      compare: 'counts',
      warnings: [],
      databases: ['shop'],
    });
  });

  it.each<[string, Partial<WayBackCase>, string]>([
    ['turned off', { enabled: false }, 'the request turns the way back off'],
    [
      'an engine without blue/green deployments',
      { engine: 'db2-se' },
      'there is no lossless way back for db2-se',
    ],
    ['blue did not answer', { blue: null }, 'the database could not be asked, so nothing is known of it'],
    ['green did not answer', { green: null }, 'green could not be asked, so nothing is known of it'],
    [
      'nothing to carry',
      { blue: { ...server, databases: [] } },
      'no database of the server holds tables or sequences',
    ],
    [
      'an old target',
      { blue: { ...server, major: 12 } },
      'PostgreSQL 12 is older than 13: the state of the stream could not be watched',
    ],
    [
      'a physical copy without a hook',
      { replication: 'physical' },
      'green is a physical copy, on which no role can be held before the cut: name a hook that stops writes',
    ],
    [
      'nothing holds writes',
      { applicationRoles: [] },
      'nothing holds writes at the cut: name wayBack.applicationRoles, or a hook that stops writes',
    ],
    [
      'no logical log on green',
      { green: capacity({ walLevel: 'replica' }) },
      'wal_level of green is replica: set rds.logical_replication to 1 in its parameter group and reboot it',
    ],
    [
      'no slot left on green',
      { green: capacity({ slots: { used: 20, max: 20 } }) },
      'max_replication_slots of green leaves 0 free, and 1 are needed',
    ],
    [
      'no sender left on green',
      { green: capacity({ senders: { used: 25, max: 20 } }) },
      'max_wal_senders of green leaves 0 free, and 1 are needed',
    ],
    [
      'no worker on blue',
      { blue: capacity({ workers: { used: 0, max: 0 } }) },
      'max_logical_replication_workers of blue leaves 0 free, and 1 are needed',
    ],
    [
      'fewer background workers on blue than databases, beside what runs there',
      {
        blue: {
          ...capacity({ workers: { used: 0, max: 20 }, workerProcesses: { used: 1, max: 8 } }),
          databases: Array.from({ length: 10 }, (_, n) => ({ ...database, name: `shop${n}` })),
        },
      },
      'max_worker_processes of blue leaves 7 free, and 10 are needed, one for each database: raise it in the parameter group of blue to 11 or more',
    ],
    [
      'rows would run code of others on the target',
      {
        blue: {
          ...server,
          databases: [{ ...database, ownersCode: ['constraint c of public.t calls public.f() of app'] }],
        },
      },
      'rows that are carried back into shop would run code of others with the rights of a master user: constraint c of public.t calls public.f() of app',
    ],
    [
      'an event trigger forbids DROP',
      { blue: { ...server, databases: [{ ...database, refusedStatements: ['DROP SUBSCRIPTION (P0001)'] }] } },
      'database shop of blue refuses statements of the way back (ALTER EVENT TRIGGER … DISABLE on blue until the way back is closed): DROP SUBSCRIPTION (P0001)',
    ],
    [
      'an event trigger forbids CREATE on green only',
      {
        green: { ...server, databases: [{ ...database, refusedStatements: ['CREATE PUBLICATION (P0001)'] }] },
      },
      'database shop of green refuses statements of the way back (ALTER EVENT TRIGGER … DISABLE on blue until the way back is closed): CREATE PUBLICATION (P0001)',
    ],
    [
      'a superuser is to be held',
      { blue: { ...server, applicationRoles: [{ ...appRole, unholdable: 'superuser' }] } },
      'role app is a superuser, from whom no right to connect can be taken: give the application a role of its own',
    ],
    [
      'the master user is to be held',
      { blue: { ...server, applicationRoles: [{ ...appRole, unholdable: 'owner of the setup' }] } },
      'role app ran the setup file, and what the reverse stream brings is applied in its sessions: give the application a role of its own',
    ],
    [
      'the setup is missing on green',
      { green: { ...server, missing: ['GRANT x TO y;'] } },
      'the setup is not complete on green: GRANT x TO y;',
    ],
  ])('no: %s', (_name, given, because) => {
    expect(judgeWayBack({ ...asked, ...given })).toMatchObject({ possible: false, because: [because] });
  });

  it('tells all reasons together, database by database', () => {
    const bad = {
      ...database,
      withoutIdentity: ['public.a', 'public.b'],
      largeObjects: 3,
      unlogged: ['public.c'],
    };
    const blue = { ...server, missing: ['GRANT x TO y;'], databases: [database, { ...bad, name: 'stock' }] };
    expect(judgeWayBack({ ...asked, blue }).because).toEqual([
      'the setup is not complete: GRANT x TO y;',
      'tables of stock have neither a primary key nor a replica identity: public.a, public.b',
      'rows of unlogged tables of stock would not be carried back: public.c',
      '3 large objects of stock would not be carried back',
    ]);
  });

  it('warns of what may still stop it', () => {
    const blue: ServerFacts = {
      ...server,
      otherLoginRoles: ['dba'],
      tellsPassword: ['log_min_messages=debug1'],
      openTransactions: [{ database: 'shop', pid: 7, role: 'app', seconds: 900, writing: true }],
    };
    expect(judgeWayBack({ ...asked, blue }).warnings).toEqual([
      'sessions of these roles are not held and stop the way back from being made: dba',
      '1 transactions are open for long, and a slot waits for those that write',
      'the one-time password of the stream may stand in a view or log, where the master user cannot set these otherwise for a moment: log_min_messages=debug1',
    ]);
  });

  it('warns of a comparison that would hold writes for long', () => {
    const large = { ...database, name: 'stock', bytes: 200 * 2 ** 30 };
    const blue: ServerFacts = { ...server, databases: [...server.databases, large] };
    expect(judgeWayBack({ ...asked, blue }).warnings).toEqual([
      'going back reads 24 tables of 201 GiB on each side to compare them (counts) while nobody can write, for about 35 minutes, and 15 minutes are given: going back would hold writes so long, fail, and leave production where it is, also where onFailure is go-back. Set wayBack.compare to none, or give "compare": "none" to the execution that goes back; that everything has arrived is proved by position in any case',
    ]);
    expect(judgeWayBack({ ...asked, compare: 'none', blue }).warnings).toEqual([]);
  });

  it('leaves a comparison out that would hold writes for long, where the request does not ask for one', () => {
    const { compare: _, ...open } = asked;
    const sized = (gib: number, tables = 1) => ({
      ...open,
      compare: undefined,
      blue: { ...server, databases: [{ ...database, tables, bytes: gib * 2 ** 30 }] },
    });
    const without = (read: string, time: string) => ({
      compare: 'none',
      warnings: [
        `going back does not compare the rows of both sides, which would read ${read} on each for about ${time} while nobody can write (wayBack.compare counts does so all the same); that everything has arrived is proved by position in any case`,
      ],
    });
    expect(judgeWayBack(sized(0.9, 100))).toMatchObject({ compare: 'counts', warnings: [] });
    expect(judgeWayBack(sized(1))).toMatchObject(without('1 table of 1 GiB', '11 seconds'));
    expect(judgeWayBack(sized(60))).toMatchObject(without('1 table of 60 GiB', '11 minutes'));
    // Each table costs, however small: 1,999 of them are below ten seconds.
    expect(judgeWayBack(sized(0, 1_999))).toMatchObject({ compare: 'counts', warnings: [] });
    expect(judgeWayBack(sized(0, 2_000))).toMatchObject(without('2000 tables of 0 GiB', '10 seconds'));
    // Of several databases together.
    const halves = sized(0.5, 1_000).blue.databases;
    expect(
      judgeWayBack({ ...sized(0), blue: { ...server, databases: [...halves, ...halves] } }),
    ).toMatchObject(without('2000 tables of 1 GiB', '21 seconds'));
  });

  it('tells what a comparison costs that was asked for, from ten seconds on', () => {
    const blue = (gib: number) => ({
      ...server,
      databases: [{ ...database, tables: 1, bytes: gib * 2 ** 30 }],
    });
    const judged = (gib: number) =>
      judgeWayBack({ ...asked, compare: 'checksums', blue: blue(gib) }).warnings;
    expect(judged(0.2)).toEqual([]);
    expect(judged(1)).toEqual([
      'going back reads 1 table of 1 GiB on each side to compare them (checksums) while nobody can write, for about 35 seconds; with wayBack.compare none it does not',
    ]);
  });

  it.each<[GiB: number, compare: WayBackCase['compare'], minutes: number, tooLong: boolean]>([
    [10, 'counts', 2, false],
    [80, 'counts', 14, false],
    [88, 'counts', 16, true],
    [24, 'checksums', 14, false],
    [27, 'checksums', 16, true],
  ])(
    '%i GiB compared by %s take about %i minutes; more than is given: %s',
    (gib, compare, minutes, tooLong) => {
      const blue = { ...server, databases: [{ ...database, bytes: gib * 2 ** 30 }] };
      const [warning = '', ...others] = judgeWayBack({ ...asked, compare, blue }).warnings;
      expect(others).toEqual([]);
      expect(warning).toContain(`about ${minutes} minutes`);
      expect(warning.includes('"compare": "none"')).toBe(tooLong);
    },
  );

  it('of 20 databases with full lists of long names says the first of each, and how many others there are', () => {
    const names = Array.from({ length: 500 }, (_, n) => `${'s'.repeat(63)}.${'t'.repeat(60)}${n + 100}`);
    const full = {
      withoutIdentity: names,
      unlogged: names,
      replicaTriggers: names,
      ownersCode: names,
      refusedStatements: names,
      missing: names,
    };
    const many = Array.from({ length: 20 }, (_, n) => ({
      ...database,
      ...full,
      name: `${'d'.repeat(61)}${n + 10}`,
    }));
    const judged = judgeWayBack({ ...asked, blue: { ...server, databases: many } });
    const { because } = beginWayBack(judged, 'old-blue');
    expect(Buffer.byteLength(because)).toBeLessThan(24_000);
    expect(because).toMatch(/ and \d+ more$/);
  });
});

it.each([
  ['postgres', true],
  ['aurora-postgresql', true],
  ['aurora-mysql', false],
  ['postgresql-of-tomorrow', false],
])('%s is PostgreSQL: %s', (engine, expected) => {
  expect(isPostgres(engine)).toBe(expected);
});

describe('what a role says for itself', () => {
  const withRole = (more: object) =>
    judgeWayBack({ ...asked, blue: { ...server, applicationRoles: [{ ...appRole, ...more }] } }).because;
  it.each([
    ['nothing where it can be held', {}, []],
    ['that it is not there', { exists: false }, ['there is no role app']],
    [
      'that holding it would overwrite a setting of its own',
      { ownSettings: [{ value: 'on', database: null }] },
      ['role app has a default_transaction_read_only of its own, which holding it would overwrite'],
    ],
  ])('is %s', (_, more, because) => {
    expect(withRole(more)).toEqual(because);
  });
});
