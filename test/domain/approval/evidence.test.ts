import { describe, expect, it } from 'vitest';
import {
  databaseFact,
  describeChanges,
  type Evidence,
  evidenceFacts,
  type Fact,
  isDifferent,
  nameOfEngine,
  stateFacts,
} from '../../../functions/domain/approval/evidence.ts';
import { planGoingBack } from '../../../functions/domain/approval/going-back.ts';
import type { Deployment } from '../../../functions/domain/model/deployment.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import {
  blueSide,
  cluster,
  clusterSide,
  deployment,
  executionArn,
  greenSide,
  instance,
  member,
  request,
  saturday,
} from '../sample.ts';

const iso = (hours: number) => new Date(saturday + hours * 3_600_000).toISOString();
const hook = { arn: 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-x' };
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  request: request(),
  deployment: deployment(),
  window: { opensAt: iso(0), closesAt: iso(3), approveBy: iso(2) },
  findings: [],
  tests: {},
  ...more,
});
const valuesOf = (facts: Fact[], key: string) =>
  facts.filter((fact) => fact.key === key).map(({ value }) => value);
const told = (key: string, more: Partial<Evidence> = {}) => valuesOf(evidenceFacts(evidence(more)), key);
const warning = (rule: string, message = rule) => ({ rule, severity: 'warning' as const, message });

describe('what changes', () => {
  const bigger = greenSide({ storageGiB: 200, members: [member('g', { instanceClass: 'db.r8g.large' })] });
  it.each<[string, Partial<Evidence>, string[]]>([
    ['version and group', {}, ['PostgreSQL 16.9 -> 17.10', 'parameter group orders-16 -> orders-17']],
    [
      'class and storage',
      {
        deployment: deployment({
          blue: blueSide(),
          green: { ...bigger, engineVersion: '16.9', parameterGroup: 'orders-16' },
        }),
      },
      ['class db.r7g.large -> db.r8g.large', 'storage 100 GiB -> 200 GiB'],
    ],
    [
      'the wanted version, where green is not there yet',
      { deployment: deployment({ green: undefined }) },
      ['PostgreSQL 16.9 -> 17.10'],
    ],
    [
      'no storage of Aurora, which has no size',
      { deployment: deployment({ blue: clusterSide(), green: clusterSide({ engineVersion: '17.10' }) }) },
      ['PostgreSQL 16.9 -> 17.10'],
    ],
    [
      'the class of the writer, and not of a reader',
      {
        deployment: deployment({
          blue: clusterSide(),
          green: clusterSide({
            members: [member('r', { role: 'reader', instanceClass: 'db.r8g.large' }), member('w')],
          }),
        }),
      },
      [],
    ],
    [
      'what a hook changes',
      { request: request({ hooks: { changeGreen: hook } }), deployment: deployment({ green: blueSide() }) },
      ['what the hook changeGreen changed on green'],
    ],
  ])('is told from what to what: %s', (_what, more, changes) => {
    expect(describeChanges(evidence(more))).toEqual(changes);
  });

  it('is told in one line, and that it is nothing where RDS shows nothing', () => {
    expect(told('change')).toEqual(['PostgreSQL 16.9 -> 17.10; parameter group orders-16 -> orders-17']);
    expect(told('change', { deployment: deployment({ green: blueSide() }) })).toEqual([
      'nothing that RDS shows',
    ]);
  });
});

it('the database is told with its kind, account and Region', () => {
  expect(databaseFact(instance)).toEqual({
    key: 'database',
    label: 'Database',
    value: 'orders, PostgreSQL instance in account 111122223333, eu-central-1',
  });
  expect(databaseFact(cluster).value).toContain('cluster in account');
  expect(nameOfEngine('an engine of tomorrow')).toBe('an engine of tomorrow');
});

describe('the evidence', () => {
  it('has its facts in this order', () => {
    expect(evidenceFacts(evidence()).map(({ key, label }) => `${key}: ${label}`)).toEqual([
      'change: What changes',
      'tests: Test of green',
      'failover: Failover of green',
      'parity: Green beside blue',
      'size: Size of production',
      'statistics: Statistics',
      'warnings: Warnings',
      'outage: Expected outage',
      'wayBack: Way back',
      'bake: Bake',
      'cost: What waiting costs',
      'window: Window',
      'answerBy: Answer by',
      'requestedBy: Requested by',
      'ticket: Ticket',
    ]);
  });

  const kept = (deleteAfterDays: number) => ({ request: request({ oldBlue: { deleteAfterDays } }) });
  const readRamp = {
    hostedZoneId: 'Z1',
    recordName: 'readers.example.com',
    steps: [20, 60],
    minutesEach: 15,
  };
  const forecast = { putBack: ['IAM role exports'], byHand: [], comesAlong: ['the proxy pool'] };
  const berlin = { timeZone: 'Europe/Berlin', days: ['Sat'], from: '09:00', to: '12:00' };
  it.each<[key: string, words: string[] | RegExp, Partial<Evidence>]>([
    ['tests', ['none: the request names no hook testGreen'], {}],
    ['tests', ['no result was kept'], { request: request({ hooks: { testGreen: hook } }) }],
    ['tests', ['pass: "214 rows"'], { tests: { testGreen: { verdict: 'pass', because: '214 rows' } } }],
    ['tests', ['fail'], { tests: { testGreen: { verdict: 'fail', because: 7 } } }],
    ['failover', /^not tested: green has no standby/, {}],
    [
      'failover',
      /^not tested: the request turns it off/,
      { request: request({ tests: { failover: false } }) },
    ],
    ['parity', ['no undeclared difference'], {}],
    ['parity', ['port; class'], { deployment: deployment({ differences: ['port', 'class'] }) }],
    ['size', ['the class of blue, db.r7g.large'], {}],
    ['size', /needed is not known: Throttling$/, { peaks: unreadable('Throttling') }],
    ['statistics', ['Nobody has looked at them yet.'], {}],
    ['warnings', ['none'], {}],
    [
      'warnings',
      ['"a"; "b"'],
      { findings: [warning('a'), { ...warning('u'), severity: 'unknown' }, warning('b')] },
    ],
    [
      'warnings',
      /^"r0"; .*"r7"; and 2 more: r8, r9$/,
      { findings: [...Array(10).keys()].map((n) => warning(`r${n}`)) },
    ],
    ['notChecked', ['no login'], { findings: [warning('a'), warning('sql-access', 'no login')] }],
    ['warnings', ['"a"'], { findings: [warning('a'), warning('sql-access', 'no login')] }],
    ['consumers', [], {}],
    ['consumers', /^cdc\. After the cut they read nothing/, { request: request({ consumers: ['cdc'] }) }],
    ['reads', [], {}],
    [
      'reads',
      /^before the cut 20, 60 % of the new connections by readers.example.com lead to green, 15 min each/,
      { request: request({ readRamp }) },
    ],
    ['reads', /may be 10 s old, or as old as 16 MiB/, { request: request({ readRamp }) }],
    [
      'reads',
      /After a bad step all are led back to blue and you are asked again\.$/,
      { request: request({ readRamp: { ...readRamp, onBadStep: 'ask' } }) },
    ],
    ['reads', /and the run stops\.$/, { request: request({ readRamp: { ...readRamp, onBadStep: 'stop' } }) }],
    ['beside', ['IAM role exports', 'the proxy pool'], { deployment: deployment({ forecast }) }],
    ['outage', /without writes/, {}],
    ['wayBack', /Old blue is kept until somebody deletes it\.$/, {}],
    ['wayBack', /Old blue is deleted when the bake is over, after a final snapshot\.$/, kept(0)],
    ['wayBack', /Old blue is kept for 1 day after the bake, then deleted/, kept(1)],
    ['wayBack', /Old blue is kept for 7 days after the bake, then deleted/, kept(7)],
    ['bake', /there is no way back$/, {}],
    ['bake', /as long as the way back is open$/, { wayBack: { possible: true, because: '' } }],
    ['cost', /^Every hour green runs beside blue: 1 x db\.r7g\.large/, {}],
    ['cost', ['Nothing runs twice.'], { deployment: deployment({ green: undefined }) }],
    ['window', ['2026-11-21 08:00 UTC to 2026-11-21 11:00 UTC'], {}],
    [
      'window',
      /^2026-11-21 08:00 UTC \(Sat 09:00 Europe\/Berlin\) to/,
      { request: request({ window: berlin }) },
    ],
    ['answerBy', ['2026-11-21 10:00 UTC; no answer is a no'], {}],
    ['requestedBy', ['not known'], {}],
    ['requestedBy', ['not known; the input says "Ada"'], { request: request({ requestedBy: 'Ada' }) }],
    [
      'requestedBy',
      ['"Ada", known by IAM'],
      { request: request({ requestedBy: 'Ada' }), requesterKnown: true },
    ],
    ['ticket', ['none'], {}],
    ['ticket', ['"CHG-1"'], { request: request({ ticket: 'CHG-1' }) }],
  ])('says of %s: %s', (key, words, more) => {
    const values = told(key, more);
    if (Array.isArray(words)) expect(values).toEqual(words);
    else expect(values.join('\n')).toMatch(words);
  });

  it('is bounded, the warnings less than the rest', () => {
    const findings = [...Array(8).keys()].map((n) => warning(`r${n}`, 'x'.repeat(2_000)));
    const differences = ['x'.repeat(400), 'y'.repeat(400), 'z'.repeat(400)];
    const more = { findings, deployment: deployment({ differences }) };
    expect(told('warnings', more)[0]?.length).toBeGreaterThan(5_000);
    expect(told('warnings', more)[0]?.length).toBeLessThan(6_001);
    expect(told('parity', more)[0]).toHaveLength(1_000);
  });

  it('makes no link of what others have written', () => {
    expect(
      told('beside', {
        deployment: deployment({ forecast: { ...forecast, putBack: ['see https://x.example'] } }),
      })[0],
    ).toBe('see https[:]//x.example');
  });
});

describe('the evidence of going back', () => {
  const loss = { statement: 'lose rows of t in app', behind: [], tables: [], anyTable: true };
  const known = { run: executionArn, request: request(), deployment: deployment() };
  const plan = planGoingBack(known, {}, null);
  it.each<[key: string, words: string, Partial<Evidence>, Partial<typeof plan>]>([
    [
      'change',
      'production goes back from orders-green-abc123 (db-GREEN, 17.10) to orders (db-ORDERS, 16.9)',
      {},
      {},
    ],
    ['loss', 'nothing: where that is not proved, production stays where it is', {}, {}],
    ['loss', 'lose rows of t in app', {}, { statement: loss.statement, loss }],
    [
      'outage',
      'Nobody can write while both sides are compared and the address is led to blue: minutes, half an hour at most.',
      {},
      {},
    ],
    ['compare', 'counts', {}, {}],
    ['compare', 'none, where the run says counts', {}, { compare: 'none' }],
    ['warnings', 'none', { findings: [{ ...warning('u'), severity: 'unknown' }] }, {}],
    ['warnings', '"a"; "b"', { findings: [warning('a'), warning('b')] }, {}],
    ['answerBy', '2026-11-21 10:00 UTC; no answer is a no', {}, {}],
    ['requestedBy', 'not known', {}, {}],
    ['requestedBy', '"Ada", known by IAM', { requesterKnown: true }, { requestedBy: 'Ada' }],
    ['run', executionArn, {}, {}],
  ])('says of %s: %s', (key, words, more, otherPlan) => {
    expect(told(key, { ...more, goingBack: { ...plan, ...otherPlan } })).toEqual([words]);
  });

  it('has its facts in this order', () => {
    expect(evidenceFacts(evidence({ goingBack: plan })).map(({ label }) => label)).toEqual([
      'What changes',
      'What is lost',
      'Expected outage',
      'Comparison',
      'Warnings',
      'Answer by',
      'Requested by',
      'Run',
    ]);
  });

  it('reads again both sides, and the versions', () => {
    const clone = blueSide({ engineVersion: '16.8', members: [member('c', { status: 'creating' })] });
    const of = (one: Deployment) =>
      stateFacts(one, request().lag, plan).map(({ label, value }) => `${label}: ${value}`);
    expect(of(deployment())).toEqual([
      'Versions: 17.10 -> 16.9',
      'New production: 1 database, available',
      'Blue, the target: 1 database, available',
    ]);
    expect(of(deployment({ green: undefined, clone }))).toEqual([
      'Versions: not known -> 16.8',
      'New production: not there',
      'Blue, the target: c is creating',
    ]);
  });
});

describe('what each look reads again', () => {
  const limits = request().lag;
  const lagOf = (unit: 'Seconds' | 'Bytes', ...values: number[]) => ({
    ...{ metric: 'ReplicaLag', unit },
    points: values.map((value, at) => ({ at, value })),
  });
  const seen = (key: string, more: Partial<Deployment>) =>
    stateFacts(deployment(more), limits).find((fact) => fact.key === key);

  it('has its facts in this order', () => {
    expect(stateFacts(deployment(), limits).map(({ key, label }) => `${key}: ${label}`)).toEqual([
      'versions: Versions',
      'deployment: Deployment',
      'blue: Blue',
      'green: Green',
      'lag: Replication lag',
    ]);
  });

  const broken = greenSide({
    members: [member('g1', { status: 'failed' }), member('g2'), member('g3', { status: 'rebooting' })],
  });
  it.each<[key: string, value: string, Partial<Deployment>]>([
    ['versions', '16.9 -> 17.10', {}],
    ['versions', '16.9 -> no green', { green: undefined }],
    ['deployment', 'AVAILABLE', {}],
    ['deployment', 'not known', { status: undefined }],
    ['blue', '1 database, available', {}],
    ['blue', '2 databases, available', { blue: clusterSide() }],
    ['green', 'not there', { green: undefined }],
    ['green', 'g1 is failed, g3 is rebooting', { green: broken }],
    ['lag', 'no reading', {}],
    ['lag', 'no reading', { lag: lagOf('Seconds') }],
    ['lag', '3 s, 2 s (newest first; limit 10 s; ReplicaLag)', { lag: lagOf('Seconds', 3, 2) }],
    ['lag', '1, 2, 3, 4, 5', { lag: lagOf('Seconds', 1, 2, 3, 4, 5, 6) }],
    ['lag', '2.0 MiB (newest first; limit 16 MiB; ReplicaLag)', { lag: lagOf('Bytes', 2_097_152) }],
    ['inTheWay', 'a; b', { inTheWay: ['a', 'b'] }],
    ['storage', 'not known: Throttling', { storage: unreadable('Throttling') }],
  ])('says of %s: %s', (key, value, more) => {
    const found = seen(key, more)?.value;
    if (value.startsWith('1, 2')) expect(found?.replaceAll(' s', '')).toMatch(/^1, 2, 3, 4, 5 \(/);
    else expect(found).toBe(value);
  });

  it.each<[string, Partial<Deployment>]>([
    ['within the limit', { lag: lagOf('Seconds', 3, 10) }],
    ['over the limit', { lag: lagOf('Seconds', 3, 11) }],
    ['within the limit', { lag: lagOf('Seconds', 1, 2, 3, 4, 5, 600) }],
    ['within the limit', { lag: lagOf('Bytes', 16 * 1_048_576) }],
    ['over the limit', { lag: lagOf('Bytes', 16 * 1_048_576 + 1) }],
    ['within the limit', { lag: lagOf('Seconds', 0) }],
    ['not known', { lag: lagOf('Seconds', -1) }],
    ['not known', { lag: lagOf('Seconds', Number.NaN, 3) }],
    ['not known', { lag: lagOf('Seconds') }],
    ['not known', {}],
  ])('judges the lag, whose points are never the same twice: %s, %j', (means, more) => {
    expect(seen('lag', more)?.means).toBe(means);
  });

  it('judges what is measured alone', () => {
    const storage = read({ freeBytes: 50 * 2 ** 30, keptBytes: 0 });
    const facts = stateFacts(deployment({ storage }), limits);
    expect(facts.filter(({ means }) => means !== undefined).map(({ key }) => key)).toEqual([
      'lag',
      'storage',
    ]);
  });

  const one: Fact = { key: 'lag', label: 'Lag', value: '3 s', means: 'within the limit' };
  it.each<[boolean, string, Partial<Fact>]>([
    [false, 'nothing else', {}],
    [false, 'another measurement that means the same', { value: '4 s' }],
    [true, 'a measurement that means something else', { means: 'over the limit' }],
    [
      true,
      'a fact of which nothing but its value is known',
      { value: '4 s', means: undefined } as Partial<Fact>,
    ],
    [
      false,
      'a value that is what the other one means',
      { value: 'within the limit', means: undefined } as Partial<Fact>,
    ],
  ])('is different (%s): %s', (different, _what, more) => {
    expect(isDifferent(one, { ...one, ...more })).toBe(different);
  });
});
