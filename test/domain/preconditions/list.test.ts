import { describe, expect, it } from 'vitest';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import { planOf, type SqlLook } from '../../../functions/domain/preconditions/by-sql/check.ts';
import { checksFor, sqlChecks } from '../../../functions/domain/preconditions/by-sql/list.ts';
import type { PreconditionFacts } from '../../../functions/domain/preconditions/facts.ts';
import {
  describeRefusal,
  judgePreconditions,
  preconditions,
  sourceMissing,
} from '../../../functions/domain/preconditions/list.ts';
import { blueSide, cluster, request } from '../sample.ts';
import {
  byLoad,
  byReads,
  cname,
  contented,
  everyNeighbour,
  facts,
  host,
  refusals,
  toClone,
  trait,
  warnings,
} from './precondition-rows.ts';

describe('what refuses a run', () => {
  it.each(refusals)('%s: %s', (rule, _when, more, says) => {
    const found = judgePreconditions(facts(more)).filter((finding) => finding.severity === 'blocker');
    expect(found.map((finding) => finding.rule)).toContain(rule);
    expect(found.find((finding) => finding.rule === rule)?.message).toMatch(says);
  });
});

describe('what is only worth knowing', () => {
  it.each(warnings)('%s: %s', (rule, _when, more) => {
    const found = judgePreconditions(facts(more));
    expect(found.map((finding) => [finding.rule, finding.severity])).toEqual([[rule, 'warning']]);
    expect(describeRefusal(found)).toBeUndefined();
  });
});

describe('what is fine', () => {
  it.each(contented)('%s: %s', (_rules, _what, more) => {
    expect(judgePreconditions(facts(more))).toEqual([]);
  });
});

describe('what cannot be read refuses', () => {
  it.each<[rule: string, more: Partial<PreconditionFacts>]>([
    ['target-version-valid', { upgradeTargets: unreadable('AccessDenied') }],
    ['target-parameter-group', { targetFamily: unreadable('AccessDenied') }],
    ['target-parameter-group', { targetParameterGroup: unreadable('AccessDenied') }],
    ['target-parameter-group', { targetParameterGroup: undefined }],
    ['replication-parameters', { blueParameters: unreadable('AccessDenied') }],
    ['existing-deployment', { deployments: unreadable('AccessDenied') }],
    ['run-lock', { lock: unreadable('AccessDenied') }],
    ['quotas', { quotas: unreadable('AccessDenied') }],
    [
      'rehearsal-required',
      { request: request({ rehearsal: { required: true } }), rehearsed: unreadable('AccessDenied') },
    ],
    ['quotas', { quotas: read([]) }],
    [
      'alarms-fine',
      {
        request: request({ bake: { alarms: ['errors'] } }),
        alarms: [{ name: 'errors', seen: unreadable('AccessDenied') }],
      },
    ],
    ['alarms-fine', { request: request({ bake: { alarms: ['errors'] } }), alarms: [] }],
    ['topics-heard', { announcements: unreadable('AuthorizationError') }],
    ['topics-heard', { unheard: unreadable('AuthorizationError') }],
    ['endpoint-record', { ...cname(host), endpointRecord: unreadable('AccessDenied') }],
    [
      'read-ramp-record',
      { ...byReads(null), reads: { seen: unreadable('AccessDenied'), host, alone: false } },
    ],
    ['read-ramp-record', byReads(null, { host: '' })],
    ['load-test', byLoad({}, { statements: unreadable('28P01') })],
    ['load-test', byLoad({}, { statements: undefined })],
    ['load-test', byLoad({}, { file: undefined })],
    ['fence-in-vpc', { ...toClone, fence: unreadable('AccessDenied') }],
    ['fence-in-vpc', { ...toClone, fence: undefined }],
    ['fence-in-vpc', { ...toClone, fence: read({ vpc: null, standsOn: [] }) }],
    ['storage-quota', { quotas: read([{ name: 'DBInstances', used: 3, max: 40 }]) }],
    ['green-parameters', { greenParameters: unreadable('AccessDenied') }],
    ['delayed-replication', { blueParameters: unreadable('AccessDenied') }],
    ['endpoint-record', { ...cname(host), blue: blueSide({ endpoint: '' }) }],
  ])('%s', (rule, more) => {
    const found = judgePreconditions(facts(more));
    expect(found.filter((finding) => finding.rule === rule).map(({ severity }) => severity)).toEqual([
      'unknown',
    ]);
    expect(describeRefusal(found)).toContain(`${rule}: `);
  });
});

describe('what a database could not be asked', () => {
  const plan = planOf(facts());
  const asked = checksFor(plan);

  it.each(asked.map((check) => [check.id, check] as const))('is unknown of %s', (id, check) => {
    const sql = {
      ...(facts().sql as { value: SqlLook }).value,
      [id]: unreadable('a right is missing (42501)'),
    };
    const found = judgePreconditions(facts({ sql: read(sql) }));
    // What would only warn does not refuse where it is unknown.
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([
      [id, check.severity(plan) === 'blocker' ? 'unknown' : 'warning'],
    ]);
    expect(found[0]?.message).toContain('42501');
  });

  it('refuses as a whole, and names every check that was not made', () => {
    const found = judgePreconditions(facts({ sql: unreadable('the sign-in was refused (28P01)') }));
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([['sql-access', 'unknown']]);
    for (const { id } of asked) expect(found[0]?.message).toContain(id);
  });

  it('refuses nothing without a login, and is named', () => {
    const found = judgePreconditions(facts({ sql: { notAsked: 'the request names no wayBack.login' } }));
    expect(describeRefusal(found)).toBeUndefined();
    for (const { id } of asked) expect(found[0]?.message).toContain(id);
  });
});

it('tells as many names as fit, and how many others there are', () => {
  const names = Array.from({ length: 12 }, (_, index) => `public.${'x'.repeat(50)}${index} in app`);
  const sql = { ...(facts().sql as { value: SqlLook }).value, 'primary-keys': read({ count: 5_000, names }) };
  const [finding] = judgePreconditions(facts({ sql: read(sql) }));
  expect(finding?.message).toMatch(
    /^tables without a replica identity \(5000\): public\.x+0 in app, .*, and 499\d more\. /,
  );
  expect(finding?.message.length).toBeLessThan(1_000);
});

describe('a neighbour that cannot be read', () => {
  it.each(everyNeighbour)('refuses: %s', (name) => {
    const { neighbours } = facts();
    const found = judgePreconditions(
      facts({
        neighbours: { ...neighbours, [name]: unreadable('AccessDenied') },
        ...(['staticEndpoints', 'scaling'].includes(name) && { database: cluster }),
      }),
    );
    expect(found.map(({ severity }) => severity)).toContain('unknown');
  });
});

it('keeps a refusal short, and names at least every rule', () => {
  const names = Array.from({ length: 12 }, (_, index) => `public.${'x'.repeat(50)}${index} in app`);
  const everything = Object.fromEntries(sqlChecks.map(({ id }) => [id, read({ count: 5_000, names })]));
  const found = judgePreconditions(facts({ sql: read(everything) }));
  const refusal = describeRefusal(found) ?? '';
  expect(refusal.length).toBeLessThan(9_000);
  for (const { rule, severity } of found) if (severity !== 'warning') expect(refusal).toContain(rule);
});

describe('the list', () => {
  it('reports everything at once, in its order', () => {
    const found = judgePreconditions(
      facts({
        blue: blueSide({ backupRetentionDays: 0, deletionProtection: true }),
        lock: unreadable('AccessDenied'),
        ...trait({ managedMasterPassword: true }),
      }),
    );
    expect(found.map(({ rule }) => rule)).toEqual([
      'managed-master-password',
      'backups-enabled',
      'run-lock',
      'deletion-protection',
    ]);
    expect(
      describeRefusal(found)
        ?.split('\n')
        .map((line) => line.slice(0, 26)),
    ).toEqual([
      '1. managed-master-password',
      '2. backups-enabled: automa',
      '3. run-lock: the tag virid',
      '4. deletion-protection (on',
    ]);
  });

  it.each(preconditions.map(({ id }) => id))(
    'has a row that %s does not like, and one that it does',
    (id) => {
      const disliked = [...refusals, ...warnings].filter(([rule]) => rule === id);
      const liked = contented.filter(([rules]) => rules.includes(id));
      expect([disliked.length > 0, liked.length > 0]).toEqual([true, true]);
    },
  );

  it.each([...refusals, ...warnings].map(([id, when, more]) => [id, when, more] as const))(
    'says of %s that it looks at the engine of: %s',
    (id, _when, more) => {
      const { engine } = facts(more).database;
      const own = preconditions.find((rule) => rule.id === id)?.engines;
      expect(own === 'all' || own?.some((one) => one === engine)).toBe(true);
    },
  );

  it('names every rule once', () => {
    const ids = preconditions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a word for a source that is not there, and for one that cannot be read', () => {
    expect(sourceMissing('orders')).toMatchObject({ rule: 'source-exists', severity: 'blocker' });
    expect(sourceMissing('orders', 'AccessDenied')).toMatchObject({
      rule: 'source-exists',
      severity: 'unknown',
    });
  });
});
