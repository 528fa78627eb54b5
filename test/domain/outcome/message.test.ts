import { describe, expect, it } from 'vitest';
import { eventId } from '../../../functions/domain/announcement/announcement.ts';
import { anchor } from '../../../functions/domain/announcement/links.ts';
import type { EndName } from '../../../functions/domain/model/ends.ts';
import type { Failure } from '../../../functions/domain/model/failure.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { OutcomeFacts } from '../../../functions/domain/outcome/facts.ts';
import { composeOutcome } from '../../../functions/domain/outcome/outcome.ts';
import type { Standing } from '../../../functions/domain/outcome/standing-facts.ts';
import { blueSide, deployment, executionArn, hour, outcomeFacts, request, saturday } from '../sample.ts';

const green: EndName = 'Green serves production';
const incomplete: EndName = 'Green serves production, clean-up incomplete';
const stopped: EndName = 'Stopped before switchover: blue serves production';
const refused: EndName = 'Refused: nothing was changed';
const dryRun: EndName = 'Dry run passed: nothing was changed';
const back: EndName = 'Went back: blue serves production';
const stayed: EndName = 'Did not go back: green serves production';
const goingRefused: EndName = 'Going back refused: nothing was changed';
const unknown: EndName = 'Outcome unknown: look before any retry';

const failed = (state: string, error: string, cause = 'x') => ({ state, error, cause }) as Failure;
const blueServes = { endState: { production: read('db-ORDERS') } };
const of = (end: EndName, more: Partial<OutcomeFacts> = {}) => composeOutcome(outcomeFacts(end, more));
const linesOf = (end: EndName, more: Partial<OutcomeFacts> = {}) => of(end, more).text.split('\n');
const flat = (end: EndName, more: Partial<OutcomeFacts> = {}) => of(end, more).text.replace(/\s+/g, ' ');
/** The entries below a heading, a line each. */
function under(heading: string, text: string): string[] {
  const [, section = ''] = text.split(`\n\n${heading}\n`);
  return (section.split('\n\n')[0] ?? '').replaceAll(/\n {4}(?! )/g, ' ').split('\n');
}

const serving =
  'orders is new production, the former green: db-GREEN, postgres 17.10, orders-green-abc123.example.eu-central-1.rds.amazonaws.com:5432';

describe('an end of which nothing but the end is known', () => {
  it('has four sections and its links, and nothing else', () => {
    const { text } = of(green, { request: null });
    expect(text.split('\n')).toEqual([
      'GREEN SERVES PRODUCTION',
      'orders, 2026-11-21 08:00 UTC, after 0 s',
      '',
      'What happened',
      '  - The switchover is done, verified and baked',
      '',
      'Where writes go now',
      '  - orders is new production, the former green: db-GREEN, postgres 17.10,',
      '    orders-green-abc123.example.eu-central-1.rds.amazonaws.com:5432',
      '',
      'What still runs and costs money',
      '  - Nothing of this run beside production',
      '',
      'What to do next',
      '  - Lead tasks and streams that follow resource ids to production',
      '',
      `Run      ${executionArn}`,
      expect.stringMatching(/^Look {5}https:/),
      'Runbook  https://runbook.example#green-serves-production',
      '',
    ]);
  });

  it('is the same for programs, and no field stands there that says nothing', () => {
    const { json, attributes, summary } = of(green, { request: null });
    const { links, ...rest } = json;
    expect(links).toMatchObject({ runbook: ['https://runbook.example#green-serves-production'] });
    expect(rest).toEqual({
      kind: 'outcome',
      severity: 'OK',
      end: green,
      database: deployment().database,
      happened: ['The switchover is done, verified and baked'],
      writable: [serving],
      costs: ['Nothing of this run beside production'],
      next: ['Lead tasks and streams that follow resource ids to production'],
      leftovers: [],
      succeeded: true,
      serves: 'green',
      standing: [],
      failure: null,
      cleanupFailure: null,
      statistics: null,
      warnings: [],
      blue: { id: 'orders', resourceId: 'db-ORDERS', engineVersion: '16.9' },
      green: { id: 'orders-green-abc123', resourceId: 'db-GREEN', engineVersion: '17.10' },
      deployment: 'bgd-1234567890abcdef',
      planHash: null,
      decisions: [],
      bake: { verdict: null, because: null, baseline: null, compared: {} },
      executionArn,
      startedAt: '2026-11-21T08:00:00.000Z',
      endedAt: '2026-11-21T08:00:00.000Z',
    });
    expect(summary).toBe(`orders: ${green}. The switchover is done, verified and baked`);
    expect(attributes).toEqual({
      kind: 'outcome',
      severity: 'OK',
      end: green,
      database: 'orders',
      id: eventId(executionArn, 'outcome', green),
    });
  });

  it('of a run that was refused before it knew a database names neither side', () => {
    const { json, attributes, subject, text } = of(refused, { request: {}, deployment: {} });
    expect(json).toMatchObject({
      blue: null,
      green: null,
      deployment: null,
      database: 'no database was named',
    });
    expect(attributes).not.toHaveProperty('database');
    expect(subject).toBe('[ACT] Refused: nothing was changed (no database was named)');
    expect(text).toContain('Nothing: the run was refused before it had made anything');
  });
});

describe('the database that an end names', () => {
  const going = { going: { run: executionArn, loss: null, accepted: null } };
  it.each<[string, string, Partial<OutcomeFacts>]>([
    ['as it was read', 'orders', {}],
    ['as the request names it', 'shop', { deployment: {}, request: { database: 'shop' } }],
    ['not, where the request names none', 'no database was named', { deployment: {}, request: undefined }],
    [
      'not, where the request holds anything',
      'no database was named',
      { deployment: {}, request: { database: 7 } },
    ],
    ['not, where its name is empty', 'no database was named', { deployment: {}, request: { database: '' } }],
    ['by the run that is undone', 'database of run run-1', { deployment: {}, request: null, ...going }],
  ])('%s', (_what, name, more) => {
    expect(of(goingRefused, more).subject).toContain(`(${name})`);
  });
});

describe('what happened', () => {
  const provisioning = failed('Wait for green', 'BlueGreen.ProvisioningFailed', 'too few slots..');
  const cleanup = failed('Remove green', 'BlueGreen.Busy', 'throttled');
  const statistics = (analyzed: number): NonNullable<OutcomeFacts['statistics']> => ({
    ...{ needed: true, done: true, because: null },
    progress: {
      ...{ tables: 7, analyzed, left: 0, slow: [], givenUp: [], notAllowed: [], missing: [] },
    } as unknown as NonNullable<NonNullable<OutcomeFacts['statistics']>['progress']>,
  });
  const putBack = { side: 'green' as const, present: ['IAM role exports'], lacking: [] };

  it.each<[string, EndName, Partial<OutcomeFacts>, string[]]>([
    [
      'the first failure',
      stopped,
      { failure: provisioning },
      ['"Wait for green" failed with BlueGreen.ProvisioningFailed: too few slots..'],
    ],
    [
      'a failure without a cause',
      stopped,
      { failure: { ...provisioning, cause: undefined } as never },
      ['"Wait for green" failed with BlueGreen.ProvisioningFailed: no reason given'],
    ],
    [
      'and that of the clean-up',
      stopped,
      { failure: provisioning, cleanupFailure: cleanup },
      [
        expect.stringMatching(/^"Wait/),
        'While cleaning up: "Remove green" failed with BlueGreen.Busy: throttled',
      ],
    ],
    [
      'the failure of a clean-up alone',
      green,
      { cleanupFailure: cleanup },
      ['The switchover is done, verified and baked', expect.stringMatching(/^While cleaning up/)],
    ],
    [
      'one failure once, which the machine keeps in both places',
      stopped,
      { failure: cleanup, cleanupFailure: cleanup },
      ['"Remove green" failed with BlueGreen.Busy: throttled'],
    ],
    [
      'by what the side that serves is proved',
      green,
      { servingBecause: 'the name leads to green' },
      [expect.stringMatching(/^The switchover/), 'Proved by: the name leads to green'],
    ],
    [
      'the proof once, where the failure says it',
      incomplete,
      {
        servingBecause: 'it leads to green',
        failure: failed('Bake', 'BlueGreen.TestFailed', 'it leads to green'),
      },
      ['"Bake" failed with BlueGreen.TestFailed: it leads to green'],
    ],
    [
      'the proof of a run that ran out of time, which has no cause',
      incomplete,
      { servingBecause: 'it leads to green', failure: { state: 'Bake', error: 'States.Timeout' } as Failure },
      [expect.stringMatching(/^"Bake"/), 'Proved by: it leads to green'],
    ],
    [
      'no proof where nobody knows the side',
      unknown,
      { servingBecause: 'x y', failure: failed('Find production side', 'BlueGreen.OutcomeUnknown', 'z') },
      ['"Find production side" failed with BlueGreen.OutcomeUnknown: z'],
    ],
    [
      'what production has again',
      green,
      { deployment: deployment({ putBack }) },
      [expect.stringMatching(/^The switchover/), 'Production has again: IAM role exports'],
    ],
    [
      'that green has its statistics',
      green,
      { statistics: statistics(7) },
      [
        expect.stringMatching(/^The switchover/),
        'Statistics: Refreshed on green: all 7 tables have statistics.',
      ],
    ],
    [
      'nothing of statistics that it lacks, which is a warning',
      green,
      { statistics: statistics(3) },
      [expect.stringMatching(/^The switchover/)],
    ],
    [
      'nothing of the statistics of a green that does not serve',
      stopped,
      { statistics: statistics(7) },
      ['The run was stopped'],
    ],
    [
      'going back was refused, and why',
      goingRefused,
      { failure: failed('Read the run', 'BlueGreen.RequestInvalid', 'no such run') },
      [
        'Going back was refused before anything was changed',
        'Why: "Read the run" failed with BlueGreen.RequestInvalid: no such run',
      ],
    ],
    [
      'production stayed, since going back was refused',
      stayed,
      { failure: failed('Read the run', 'BlueGreen.RequestInvalid', 'no such run') },
      ['Going back was refused before anything was changed', expect.stringMatching(/^Why: "Read/)],
    ],
    [
      'production stayed, since going back was given up',
      stayed,
      { failure: failed('Compare both sides', 'BlueGreen.TestFailed', 'rows differ') },
      [
        expect.stringMatching(/^Going back was begun and given up\. New production is open/),
        expect.stringMatching(/^Why: "Comp/),
      ],
    ],
    [
      'a refusal by a precondition, a finding a line',
      refused,
      { failure: failed('Check preconditions', 'BlueGreen.PreconditionFailed', '1. a\n2. b') },
      ['"Check preconditions" failed with BlueGreen.PreconditionFailed: 1. a', '2. b'],
    ],
    [
      'a refusal by anything else, on one line',
      refused,
      { failure: failed('Check preconditions', 'BlueGreen.Busy', 'a\nb') },
      ['"Check preconditions" failed with BlueGreen.Busy: a\nb'],
    ],
    [
      'a precondition that failed later, on one line',
      stopped,
      { failure: failed('Final check', 'BlueGreen.PreconditionFailed', 'a\nb') },
      ['"Final check" failed with BlueGreen.PreconditionFailed: a\nb'],
    ],
    ...(
      [
        [dryRun, 'Every precondition holds'],
        [refused, 'The run was refused'],
        [back, 'Production went back to blue'],
        [goingRefused, 'Going back was refused'],
        [stayed, 'Production stayed on green'],
        ['Going back incomplete: look before any retry', 'Going back was begun and is not finished'],
        [unknown, 'It could not be proved which side serves'],
        [incomplete, 'The switchover is done; the clean-up is not'],
        ['Switchover rolled back: blue serves production', 'RDS undid the switchover'],
      ] as const
    ).map(([end, said]): [string, EndName, object, string[]] => [
      `${end}, without an error`,
      end,
      {},
      [said],
    ]),
  ])('%s', (_what, end, more, told) => {
    expect(of(end, more).json.happened).toEqual(told);
  });

  it('is put into sentences for the console, each with one full stop', () => {
    const { summary } = of(stopped, { failure: provisioning, cleanupFailure: cleanup });
    expect(summary).toBe(
      `orders: ${stopped}. "Wait for green" failed with BlueGreen.ProvisioningFailed: too few slots. While cleaning up: "Remove green" failed with BlueGreen.Busy: throttled`,
    );
    expect(of(stopped, { failure: { ...provisioning, cause: 'a.b.' } }).summary).toMatch(/: a\.b$/);
  });

  it('gives programs the message of a failure, without what a function wraps around it', () => {
    const cause = JSON.stringify({ errorMessage: 'x'.repeat(5_000), trace: ['at secret:1'] });
    const { json } = of(stopped, { failure: { ...provisioning, cause }, cleanupFailure: cleanup });
    expect(json.failure).toEqual({ ...provisioning, cause: 'x'.repeat(4_000) });
    expect(json.cleanupFailure).toEqual(cleanup);
  });

  it.each<[string, Failure, string[]]>([
    ['and of an error of ours', failed('Bake', 'BlueGreen.Busy'), [stopped, 'BlueGreen.Busy']],
    ['alone, of an error of AWS', failed('Bake', 'States.Timeout'), [stopped]],
  ])('leads to the heading of its end %s', (_what, failure, headings) => {
    expect(of(stopped, { failure }).json.links).toMatchObject({
      runbook: headings.map((heading) => `https://runbook.example#${anchor(heading)}`),
    });
  });
});

it.each<[EndName, Partial<OutcomeFacts>, boolean]>([
  [green, {}, true],
  [green, { failure: failed('Announce the start', 'BlueGreen.Busy') }, false],
  [stopped, {}, false],
])('programs read of "%s" whether it succeeded', (end, more, succeeded) => {
  expect(of(end, more).json.succeeded).toBe(succeeded);
});

describe('the first lines', () => {
  it('have the time by the clocks of the window, and for how long the run was under way', () => {
    const window = { timeZone: 'Europe/Berlin', days: ['Sat'], from: '09:00', to: '12:00' };
    const startedAt = new Date(saturday - 5 * hour).toISOString();
    expect(linesOf(green, { request: request({ window }), startedAt })[1]).toBe(
      'orders, 2026-11-21 08:00 UTC (Sat 09:00 Europe/Berlin), after 5 h',
    );
  });
});

it('who asked for the change stands at the end, with the ticket and the run that is undone', () => {
  const more = {
    request: request({ ticket: 'CHG-7', requestedBy: 'Ada' }),
    going: { run: executionArn, loss: null, accepted: null },
  };
  expect(linesOf(back, { ...blueServes, ...more }).slice(-4)).toEqual([
    `Undoes   ${executionArn}`,
    'Ticket   "CHG-7"',
    'For      "Ada"',
    '',
  ]);
  expect(of(back, more).json).toMatchObject({ ticket: 'CHG-7', requestedBy: 'Ada' });
});

describe('warnings', () => {
  const warning = (rule: string) => ({
    rule,
    severity: 'warning' as const,
    message: `see https://x.example ${rule}`,
  });
  const findings = [...Array(14).keys()].map((n) => warning(`r${n}`));
  it('are told to people, the first twelve, and all to programs', () => {
    const { text, json } = of(green, { findings: [{ ...warning('u'), severity: 'unknown' }, ...findings] });
    const told = under('Warnings', text);
    expect(told).toHaveLength(12);
    expect(told[0]).toBe('  - r0: see https[:]//x.example r0');
    expect(json.warnings).toEqual(findings);
  });
});

it('what the bake compared is told where it compared something', () => {
  const baked = { over: true as const, compared: { DBLoad: { before: 1, after: 2, points: 60 } } };
  expect(under('What the bake compared', of(green, { baked }).text)).toEqual([
    '  - DBLoad: 1 before, 2 after the cut (60 points)',
  ]);
  expect(of(green, { baked }).json.bake).toMatchObject({ verdict: 'pass', compared: baked.compared });
});

it('a group that said no stands there with its reason, if it gave one', () => {
  const decision = {
    ...{ decision: 'reject', execution: executionArn, group: 'dba', by: 'Ada', identified: 'authenticated' },
    ...{ at: '2026-03-01T10:30:00.000Z', askedAt: '2026-03-01T10:00:00.000Z', tookSeconds: 60 },
    ...{ answerBy: '2026-03-02T10:00:00.000Z', planHash: 'p', sawDigest: 'd', reason: null },
    ...{ statement: null, seal: 'S'.repeat(43) },
  };
  expect(under('Who decided', of(stopped, { approval: { decisions: [decision] } }).text)).toEqual([
    '  - dba rejected by Ada (authenticated) at 2026-03-01 10:30 UTC, 1 min after it was asked',
  ]);
});

describe('the estimate of a dry run', () => {
  const heading = 'What the run would take';
  it('is told, to programs too', () => {
    const { text, json } = of(dryRun, { ...blueServes, deployment: deployment({ green: undefined }) });
    expect(under(heading, text)[0]).toMatch(/^ {2}- \w+/);
    expect(json.estimate).toEqual(expect.arrayContaining([expect.stringMatching(/\w+ \w+/)]));
  });
  it.each<[string, EndName, Partial<OutcomeFacts>]>([
    ['of another end', stopped, {}],
    ['without a database', dryRun, { deployment: { ...deployment(), database: undefined } as never }],
    ['without blue', dryRun, { deployment: { ...deployment(), blue: undefined } as never }],
    [
      'without a kind of replication',
      dryRun,
      { deployment: { ...deployment(), replication: undefined } as never },
    ],
  ])('is not made %s', (_what, end, more) => {
    expect(of(end, more).text).not.toContain(heading);
    expect(of(end, more).json).not.toHaveProperty('estimate');
  });
});

describe('consumers of changes', () => {
  const consumers = { request: request({ consumers: ['cdc'] }) };
  it('are told where each goes on, and left to a person', () => {
    const { text, json } = of(green, consumers);
    expect(under('Consumers of changes', text).at(-1)).toMatch(/^ {2}- cdc: lead it to/);
    expect(json.handOver).toMatchObject({ side: 'green', consumers: ['cdc'] });
    expect(json.next).toContainEqual(expect.stringMatching(/^Lead the consumers of changes to production/));
  });
  it('are nobody to be led where the hook has led all of them', () => {
    const side = { id: 'orders', resourceId: 'db-ORDERS', endpoint: 'orders.example:5432' };
    const handOver = {
      ...{ side: 'green' as const, consumers: ['cdc'] },
      ended: { ...side, log: null, because: 'x' },
      begins: { ...side, places: [], because: 'x' },
      answers: [{ consumer: 'cdc', answer: { verdict: 'pass' } }],
    };
    const { json } = of(green, { ...consumers, deployment: deployment({ handOver }) });
    expect(json.next).not.toContainEqual(expect.stringMatching(/^Lead the consumers/));
  });
  it('are not told of where blue serves: nobody has to be led', () => {
    const { text, json } = of(stopped, { ...blueServes, ...consumers });
    expect(text).not.toContain('Consumers of changes');
    expect(json).not.toHaveProperty('handOver');
  });
});

it('what production has and lacks again is given to programs', () => {
  const putBack = { side: 'green' as const, present: ['x'], lacking: [] };
  expect(of(green, { deployment: deployment({ putBack }) }).json.putBack).toEqual(putBack);
});

describe('statistics of a green that serves', () => {
  const statistics = { needed: true, done: true, because: 'no login', progress: null };
  it('that it lacks are a warning, and left to a person', () => {
    const { json, text } = of(green, { statistics });
    expect(json.statistics).toEqual(statistics);
    expect(json.warnings).toMatchObject([{ rule: 'statistics' }]);
    expect(under('Warnings', text)[0]).toMatch(/^ {2}- statistics: Not refreshed on green \(no login\)/);
    expect(json.next).toContainEqual(
      expect.stringMatching(/^Run ANALYZE in every database of the former green/),
    );
  });
  it('do not matter where blue serves', () => {
    const { json } = of(stopped, { ...blueServes, statistics });
    expect(json).toMatchObject({ statistics: null, warnings: [] });
    expect(json.next).not.toContainEqual(expect.stringMatching(/ANALYZE/));
  });
  it('matter where nobody knows the side', () => {
    expect(of(unknown, { statistics }).json.statistics).toEqual(statistics);
  });
});

describe('a loss that going back would bring', () => {
  const loss = { statement: 'lose rows of t in app', behind: [], tables: [], anyTable: true };
  it('is stated, with the input that accepts it on a line of its own', () => {
    const going = { run: executionArn, loss, accepted: null };
    const { text, json } = of(stayed, {
      going,
      failure: failed('Compare both sides', 'BlueGreen.TestFailed'),
    });
    expect(text).toMatch(
      /\n\nWhat going back would lose\n {2}- more tables may differ[\s\S]*\n\n\{"executionArn":"[^"]+","acceptLoss":\{"statement":"lose rows of t in app"\}\}\n/,
    );
    expect(json.loss).toEqual(loss);
    expect(json).not.toHaveProperty('accepted');
    expect(json.next).toContainEqual(expect.stringMatching(/without the rows that are listed above/));
  });
  it('that cannot be accepted has no input', () => {
    const going = { run: executionArn, loss: { ...loss, statement: null }, accepted: null };
    expect(linesOf(stayed, { going }).filter((line) => line.startsWith('{'))).toEqual([]);
    expect(flat(stayed, { going })).toContain('It cannot be accepted, because a part of it cannot be read');
  });
  it('that was accepted is given to programs', () => {
    const accepted = { by: 'Ada', statement: 'x', loss };
    expect(of(back, { going: { run: executionArn, loss: null, accepted } }).json.accepted).toEqual(accepted);
  });
});

describe('what of ours still stands', () => {
  const standing = (kind: Standing['kind'], hurts: boolean): Standing => ({
    ...{ kind, what: `a ${kind} stands`, on: 'old blue orders-old1 (db-ORDERS)', resourceId: 'db-ORDERS' },
    ...{ remove: { command: `aws rds remove --kind ${kind}` }, safe: 'at any time', hurts },
  });
  const heading = 'What of ours still stands';
  const command = '    npm run what-stands -- --database orders';
  const [slot, tags, password] = [
    standing('slot', true),
    standing('tags', false),
    standing('password', false),
  ];

  it.each<[string, EndName, Standing[], string[]]>([
    [
      'what hurts is told, the other marks are counted',
      green,
      [slot, tags],
      [
        '  - On old blue orders-old1 (db-ORDERS): a slot stands. By the AWS CLI; safe at any time:',
        '    aws rds remove --kind slot',
        '  - 1 of our marks is left, which blocks nothing; this names each of them with what removes it:',
        command,
      ],
    ],
    [
      'several marks',
      green,
      [tags, password],
      [
        '  - 2 of our marks are left, which block nothing; this names each of them with what removes it:',
        command,
      ],
    ],
    [
      'after a failure everything is told',
      stopped,
      [tags],
      [
        '  - On old blue orders-old1 (db-ORDERS): a tags stands. By the AWS CLI; safe at any time:',
        '    aws rds remove --kind tags',
      ],
    ],
  ])('%s', (_what, end, all, told) => {
    const { text, json } = of(end, { standing: all });
    const [, section = ''] = text.split(`\n\n${heading}\n`);
    const lines = (section.split('\n\n')[0] ?? '').replaceAll(/\n {4}(?!aws|npm)/g, ' ').split('\n');
    expect(lines).toEqual(told);
    expect(json.standing).toEqual(all);
  });
});

describe('what still costs money', () => {
  const nothingRead = { endState: { production: unreadable('Throttling') } };
  it.each<[string, EndName, Partial<OutcomeFacts>, string]>([
    ['nothing', green, {}, 'Nothing of this run beside production'],
    ['not known', unknown, { ...nothingRead, deployment: {} }, 'Not known: nothing could be read'],
    ['refused', refused, nothingRead, 'Nothing: the run was refused before it had made anything'],
    [
      'a side, by its resource id',
      green,
      { endState: { production: read('db-GREEN'), blue: read(blueSide({ id: 'old' })) } },
      'old blue old (db-ORDERS): 1 x db.r7g.large with standby, and 100 GiB of storage each, by the hour',
    ],
    [
      'a snapshot, which has none',
      green,
      { endState: { production: read('db-GREEN'), snapshot: read({ id: 'last', status: 'available' }) } },
      'final snapshot last: available; snapshot storage, by the month',
    ],
  ])('%s', (_what, end, more, told) => {
    expect(of(end, more).json.costs).toEqual([told]);
  });
});
