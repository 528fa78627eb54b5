import { describe, expect, it } from 'vitest';
import type { AnnouncementFacts } from '../../../functions/domain/announcement/facts.ts';
import { composeLetter, type Letter } from '../../../functions/domain/announcement/letter.ts';
import { anchor, linksTo, writeLinks } from '../../../functions/domain/announcement/links.ts';
import { composeAnnouncement, type LetterKind } from '../../../functions/domain/announcement/list.ts';
import { showTime } from '../../../functions/domain/model/text.ts';
import { planLongestRun } from '../../../functions/domain/request/longest-run.ts';
import { deployment, executionArn, request, saturday } from '../sample.ts';
import { announcementFacts } from './facts.ts';

const hook = { arn: 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-x' };
const iso = (minutes: number) => new Date(saturday + minutes * 60_000).toISOString();
const wanted = (target: object, more: object = {}) => ({ request: request({ target, ...more }) });
const known = announcementFacts();
const side = { id: 'orders', resourceId: 'db-ORDERS', endpoint: 'orders.example:5432' };
const compared = { DBLoad: { before: 1, after: 2, points: 60 } };
const decision = {
  ...{ decision: 'approve', execution: executionArn, group: 'owners', by: 'Ada', identified: 'attested' },
  ...{ at: iso(1), askedAt: iso(0), answerBy: iso(9), tookSeconds: 60, planHash: 'p', sawDigest: 'd' },
  ...{ reason: 'it fails', statement: null, seal: 'x'.repeat(43) },
};

const compose = (kind: LetterKind, more: Partial<AnnouncementFacts> = {}) =>
  composeAnnouncement(kind, announcementFacts(more));
/** The paragraphs and commands of a message, without its frame. */
const say = (kind: LetterKind, more: Partial<AnnouncementFacts> = {}) =>
  compose(kind, more).text.replaceAll(/\s+/g, ' ');

it.each<[LetterKind, subject: string]>([
  ['started', '[OK] A run has started (orders)'],
  ['green-ready', '[OK] Green is ready (orders)'],
  ['window-open', '[OK] The window is open (orders)'],
  ['writes-held', '[PAGE] Nobody can write (orders)'],
  ['cut-done', '[OK] The cut is done, green is new production (orders)'],
  ['production-lacks', '[ACT] New production lacks what the former one had (orders)'],
  ['way-back-closed', '[ACT] No way back any more (orders)'],
  ['bake-failed', '[PAGE] New production failed, and production goes back (orders)'],
  ['go-back-asked', '[PAGE] Go back or stay? (orders)'],
  ['go-back-reminded', '[PAGE] Reminder: go back or stay? (orders)'],
  ['go-back-last-call', '[PAGE] Last call: go back or stay? (orders)'],
  ['going-back', '[ACT] Production goes back: nobody can write meanwhile (orders)'],
  ['old-blue-goes', '[OK] The bake passed; old blue is deleted on 2026-11-21 (orders)'],
])('%s: who reads the subject alone knows it', (kind, subject) => {
  expect(compose(kind).subject).toBe(subject);
});

it('a message has a paragraph or a command after another, and its links at the end', () => {
  const letter: Letter = {
    severity: 'ACT',
    title: () => 'Look',
    heading: 'BlueGreen.Busy',
    write: () => ['It is so:', { command: 'npm run look' }, 'Then it is over.'],
    facts: () => ({ more: 7 }),
  };
  const { subject, text, json } = composeLetter('look', letter, known);
  expect(subject).toBe('[ACT] Look (orders)');
  expect(text.split('\n')).toEqual([
    'orders, 2026-11-21 08:00 UTC (Sat 09:00 Europe/Berlin)',
    '',
    '  It is so:',
    '    npm run look',
    '',
    '  Then it is over.',
    '',
    ...writeLinks(executionArn, linksTo(executionArn, known.runbook, letter.heading)),
    '',
  ]);
  expect(json).toEqual({
    title: 'Look',
    executionArn,
    at: iso(0),
    text: ['It is so:', 'Then it is over.'],
    commands: ['npm run look'],
    links: linksTo(executionArn, known.runbook, letter.heading),
    more: 7,
  });
});

describe('the links of a message', () => {
  it.each([
    ['BlueGreen.Busy', 'bluegreenbusy'],
    ['Went back: blue serves production', 'went-back-blue-serves-production'],
  ])('%s has the anchor that a page of Markdown gives it', (heading, name) => {
    expect(anchor(heading)).toBe(name);
  });

  it('are those of the runbook alone where the run has no ARN', () => {
    const links = linksTo('a run', 'https://wiki.example', 'BlueGreen.Busy');
    expect(writeLinks('a run', links)).toEqual([
      'Run      a run',
      'Runbook  https://wiki.example#bluegreenbusy',
    ]);
  });
});

describe('a run that starts', () => {
  it.each<[change: string, facts: Partial<AnnouncementFacts>]>([
    ['to version 17.10', wanted({ engineVersion: '17.10' })],
    [
      'parameter group new-17; cluster parameter group all-17; class db.r8g.large',
      wanted({ parameterGroup: 'new-17', clusterParameterGroup: 'all-17', instanceClass: 'db.r8g.large' }),
    ],
    [
      'classes of reader-1 db.r8g.large, reader-2 db.r8g.xlarge',
      wanted({
        members: [
          { member: 'reader-1', instanceClass: 'db.r8g.large' },
          { member: 'reader-2', instanceClass: 'db.r8g.xlarge' },
        ],
      }),
    ],
    ['storage allocatedGiB 200, type gp3', wanted({ storage: { allocatedGiB: 200, type: 'gp3' } })],
    ['what the hook changeGreen changes on green', wanted({}, { hooks: { changeGreen: hook } })],
    ['taking up the deployment bgd-1', wanted({}, { adopt: 'bgd-1' })],
  ])('says what it changes: %s', (change, facts) => {
    expect(say('started', facts)).toContain(
      `It is to change orders-old1 (db-ORDERS), PostgreSQL 16.9: ${change}.`,
    );
  });

  it('says until when green is built, and when it is over at the latest', () => {
    const slow = request({ target: { engineVersion: '17.10', readyWithinHours: 3 } });
    const end = showTime(new Date(saturday + planLongestRun(slow, saturday).seconds * 1_000).toISOString());
    const said = say('started', { request: slow });
    expect(said).toContain('beside it until 2026-11-21 11:00 UTC');
    expect(said).toContain(`Whatever happens, the run ends by ${end.slice(0, 16)}`);
    expect(said).toContain('npm run stop -- --api');
  });

  it.each<[who: string, approval: object]>([
    [
      'Then people are asked (owners, ops). No answer within 5 h is a no.',
      { groups: [{ name: 'owners' }, { name: 'ops' }], withinHours: 5 },
    ],
    ['Nobody is asked before the cut: the request turns that off.', { required: false }],
  ])('says who is asked: %s', (who, approval) => {
    expect(say('started', { request: request({ approval }) })).toContain(who);
  });
});

describe('a green that is ready', () => {
  const forecast = {
    putBack: ['IAM role exports'],
    byHand: [{ what: 'the endpoint reports', because: 'it leads to orders-old1' }],
    comesAlong: ['the proxy pool'],
  };
  const findings = (['warning', 'unknown', 'warning'] as const).map((severity) => ({
    ...{ rule: 'x', message: 'x', severity },
  }));
  const twoGroups = request({ approval: { groups: [{ name: 'owners' }, { name: 'ops' }] } });
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    ['orders (db-GREEN) follows production', {}],
    ['Green follows production', { deployment: deployment({ green: undefined }) }],
    ['Test of green: none: the request names no hook testGreen', {}],
    ['Test of green: pass', { tests: { testGreen: { verdict: 'pass' } } }],
    ['Failover of green: not tested: green has no standby', {}],
    ['Beside blue: no undeclared difference. Warnings: 0.', {}],
    ['Warnings: 2.', { findings }],
    ['Beside blue: port; class.', { deployment: deployment({ differences: ['port', 'class'] }) }],
    ['Dropped, put back: IAM role exports', { deployment: deployment({ forecast }) }],
    ['after: the endpoint reports: it leads to orders-old1', { deployment: deployment({ forecast }) }],
    ['Now people are asked (owners, ops), who answer by 2026-11-21 10:00 UTC', { request: twoGroups }],
    ['Nobody is asked: the request turns that off.', { request: request({ approval: { required: false } }) }],
    ['The cut is for the window from 2026-11-21 08:00 UTC (Sat 09:00 Europe/Berlin) to 2026-11-21 11:00', {}],
  ])('"%s"', (words, facts) => {
    expect(say('green-ready', facts)).toContain(words);
  });
});

it.each(['green-ready', 'window-open'] as const)(
  '%s gives programs the window, and is told without it',
  (kind) => {
    expect(compose(kind).json).toMatchObject({ window: known.window });
    expect(say(kind, { window: undefined })).toContain('an unknown time');
  },
);

it('an open window says until when the cut may begin', () => {
  expect(say('window-open')).toContain('and by 2026-11-21 11:00 UTC (Sat 12:00 Europe/Berlin) or not at all');
});

describe('a cut that is done', () => {
  const consumers = { request: request({ consumers: ['cdc', 'search'], hooks: { handOver: hook } }) };
  const handOver = {
    side: 'green' as const,
    consumers: ['cdc', 'search'],
    ended: { ...side, log: null, because: 'it was not read' },
    begins: { ...side, places: [], because: 'it was not read' },
  };
  const notHeld = request({ wayBack: { login: {}, applicationRoles: [] } });
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    ['New production is orders (db-GREEN), PostgreSQL 17.10, orders-green-abc123.example', {}],
    ['New production is the former green.', { deployment: deployment({ green: undefined }) }],
    ['and watched for 60 min, until about 2026-11-21 09:00 UTC', {}],
    ['Nobody watches new production', { request: request({ bake: { minutes: 0 } }) }],
    ['to the proof that green serves', { request: notHeld }],
    ['as soon as old blue receives what new production takes in', {}],
    [
      'There is no way back without losing rows: none was set up.',
      { wayBack: { ...known.wayBack, open: false, because: '' } },
    ],
    [
      'There is no way back without losing rows: no login.',
      { wayBack: { ...known.wayBack, open: false, because: 'no login' } },
    ],
    [
      'your handOver hook is called now for cdc, search.',
      { ...consumers, deployment: deployment({ handOver }) },
    ],
    ['cdc: lead it to', consumers],
  ])('"%s"', (words, facts) => {
    expect(say('cut-done', facts)).toContain(words);
  });

  it('gives programs both databases, and where consumers of changes go on', () => {
    const { json } = compose('cut-done', { deployment: deployment({ handOver }) });
    expect(json).toMatchObject({
      newProduction: {
        id: 'orders-green-abc123',
        resourceId: 'db-GREEN',
        endpoint: expect.stringMatching(/^orders-green/),
      },
      oldBlue: { id: 'orders', resourceId: 'db-ORDERS' },
      handOver,
    });
    expect(compose('cut-done').json).not.toHaveProperty('handOver');
    expect(compose('cut-done', { deployment: deployment({ green: undefined }) }).json.newProduction).toBe(
      undefined,
    );
  });

  it('says nothing of consumers where nobody reads changes', () => {
    expect(say('cut-done')).not.toMatch(/handOver|lead it to|Consumers|began to write/);
  });
});

describe('new production that lacks something', () => {
  const lacking = [{ what: 'role exports', because: 'AWS denied it', commands: ['aws rds add-role --x'] }];
  const putBack = { side: 'green' as const, present: [], lacking };
  it('has each thing with its reason, and each command on a line of its own', () => {
    const { text, json } = compose('production-lacks', { deployment: deployment({ putBack }) });
    expect(text).toContain('orders-green-abc123 (db-GREEN) serves, and a person');
    expect(text).toContain('\n  Give production the role exports: AWS denied it\n    aws rds add-role --x\n');
    expect(json).toMatchObject({ lacking, commands: ['aws rds add-role --x'] });
  });
  it('is told also where green and what it lacks are not known', () => {
    const { text, json } = compose('production-lacks', { deployment: deployment({ green: undefined }) });
    expect(text).toContain('The former green serves');
    expect(json.lacking).toEqual([]);
  });
});

describe('a bake that passed', () => {
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    ['New production orders (db-GREEN) was watched to the end and is well. With the bake', {}],
    ['is well. DBLoad: 1 before, 2 after the cut (60 points). With', { baked: { compared } }],
    ['With the bake the way back has ended', {}],
    ['There was no way back.', { wayBack: { ...known.wayBack, possible: false } }],
    ['Old blue orders-old1 (db-ORDERS) is deleted after 2026-11-21 18:00 UTC', {}],
    ['is deleted after an unknown time, after a final snapshot', { until: undefined }],
  ])('"%s"', (words, facts) => {
    expect(say('old-blue-goes', facts)).toContain(words);
  });
  it('gives programs what goes, and when', () => {
    expect(compose('old-blue-goes').json).toMatchObject({
      oldBlue: { id: 'orders-old1', resourceId: 'db-ORDERS' },
      goesAt: iso(600),
    });
  });
});

describe('writes that are held', () => {
  it('are freed by a statement, for the roles of the application and for our own', () => {
    const { text, json } = compose('writes-held');
    expect(text).toMatch(/^ {4}SELECT viridian\.hold_role\(.*'app', 'viridian_probe'/m);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'in database app at orders-green-abc123.example.eu-central-1.rds.amazonaws.com:5432, at any time',
    );
    expect(text).toContain('Why: "Bake": the alarm errors fires');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('again and again until 2026-11-21 18:00 UTC');
    expect(json.failure).toMatchObject({ state: 'Bake' });
  });
  it('are told also where neither green nor the reason is known', () => {
    const facts = { deployment: deployment({ green: undefined }), failure: null };
    expect(say('writes-held', facts)).toContain('at new production, at any time');
    expect(say('writes-held', facts)).toContain('Why: not known');
    expect(compose('writes-held', facts).json.failure).toBeNull();
  });
});

it.each([
  ['why, in words', '{"errorMessage":"the slot is gone"}', 'because: the slot is gone', 'the slot is gone'],
  ['that it is not known', undefined, 'because: not known', null],
])('a way back that is closed says %s', (_what, lost, words, because) => {
  const facts = { wayBack: { ...known.wayBack, ...(lost && { lost }) } };
  expect(say('way-back-closed', facts)).toContain(words);
  expect(compose('way-back-closed', facts).json.because).toBe(because);
});

it('a bake that goes back by itself says why, and that nobody is to do anything', () => {
  expect(say('bake-failed')).toContain('Why: "Bake": the alarm errors fires');
  expect(say('bake-failed')).toContain('Do nothing by hand');
  expect(compose('bake-failed').json.failure).toMatchObject({ error: 'BlueGreen.TestFailed' });
});

describe('the question whether to go back', () => {
  const stopped = { state: 'Bake', error: 'BlueGreen.StopRequested', cause: 'x' } as const;
  const undecided = { ...stopped, error: 'BlueGreen.NotReadyInTime', cause: 'no data' } as const;
  const nobody = request({ approval: { required: false } });
  const twoGroups = request({ approval: { groups: [{ name: 'owners' }, { name: 'ops' }] } });
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    ['New production serves; new production is not right, and the way back', {}],
    ['; somebody has stopped the run, and', { failure: stopped }],
    ['; it is not known whether new production is right, and', { failure: undecided }],
    ['; new production is not right, and', { failure: undefined }],
    ['The people of the approval (owners, ops) are asked', { request: twoGroups }],
    ['To go back to blue: npm run go-back', { request: nobody }],
    ['The way back is closed at 2026-11-21 18:00 UTC', {}],
  ])('"%s"', (words, facts) => {
    expect(say('go-back-asked', facts)).toContain(words);
  });

  it.each([
    ['the bake has no verdict', undecided, true],
    ['the bake said no', known.failure, false],
    ['the reason is not known', undefined, false],
  ])('tells programs until when, and whether nobody knows it: %s', (_what, failure, expected) => {
    const { json } = compose('go-back-last-call', { failure });
    expect(json).toMatchObject({ undecided: expected, until: iso(600), failure: failure ?? null });
  });

  it('is asked again with what is known', () => {
    expect(say('go-back-reminded')).toContain('and nobody has: new production is not right.');
    expect(say('go-back-last-call')).toContain('little time is left: new production is not right.');
  });
});

describe('production that goes back', () => {
  const byPosition = request({ wayBack: { login: {}, applicationRoles: ['app'], compare: 'none' } });
  it.each<[words: string, facts: Partial<AnnouncementFacts>]>([
    ['from orders (db-GREEN) to orders-old1 (db-ORDERS). From now', {}],
    ['until both sides are compared and the address leads to blue', {}],
    ['until both sides are compared by position and', { request: byPosition }],
    ['Who said yes: nobody was asked:', {}],
    [
      'Who said yes: Ada for owners (attested), Grace for ops (attested).',
      { approval: { decisions: [decision, { ...decision, group: 'ops', by: 'Grace' }] } },
    ],
    [`It undoes the run ${executionArn}`, {}],
  ])('"%s"', (words, facts) => {
    expect(say('going-back', facts)).toContain(words);
  });

  it('gives programs who decided, and no seal', () => {
    const { json } = compose('going-back', { approval: { decisions: [decision] } });
    const { group, by, identified, at, reason } = decision;
    expect(json.undoes).toBe(executionArn);
    expect(json.decisions).toEqual([{ group, by, identified, at, reason }]);
  });
});
