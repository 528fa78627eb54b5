import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchor } from '../../../functions/domain/announcement/links.ts';
import { type EndName, ends } from '../../../functions/domain/model/ends.ts';
import type { Failure } from '../../../functions/domain/model/failure.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { OutcomeFacts } from '../../../functions/domain/outcome/facts.ts';
import { composeOutcome } from '../../../functions/domain/outcome/outcome.ts';
import {
  blueSide,
  clusterSide,
  deployment,
  executionArn,
  greenSide,
  hour,
  outcomeFacts,
  request,
  saturday,
} from '../sample.ts';

const failure: Failure = {
  state: 'Wait for green',
  error: 'BlueGreen.ProvisioningFailed',
  cause: JSON.stringify({
    errorType: 'x',
    errorMessage: 'too few replication slots',
    trace: ['at secret:1'],
  }),
};

const greenName = 'orders-green-abc123';
const record = { id: 'bgd-1234567890abcdef', status: 'AVAILABLE' };
/** After the cut: green has the production name, blue is called old. */
const oldBlue = blueSide({ id: 'orders-old1' });

/** What is true and what is told at each end, as it usually comes. */
const usual: Record<EndName, Partial<OutcomeFacts>> = {
  'Dry run passed: nothing was changed': {
    deployment: deployment({ id: undefined, green: undefined }),
    endState: { production: read('db-ORDERS'), blue: read(blueSide()) },
  },
  'Refused: nothing was changed': {
    deployment: {},
    failure: { ...failure, state: 'Check preconditions', error: 'BlueGreen.PreconditionFailed' },
    endState: { production: unreadable('nothing is known of it') },
  },
  'Stopped before switchover: blue serves production': {
    failure,
    endState: {
      production: read('db-ORDERS'),
      blue: read(blueSide()),
      green: read(null),
      record: read(null),
    },
  },
  'Switchover rolled back: blue serves production': {
    failure: {
      ...failure,
      state: 'Wait for switchover',
      error: 'BlueGreen.SwitchoverRolledBack',
      cause: 'a long transaction',
    },
    endState: {
      production: read('db-ORDERS'),
      blue: read(blueSide()),
      green: read(greenSide()),
      record: read(record),
    },
  },
  'Green serves production': {
    servingBecause: 'the production name leads to green',
    endState: {
      production: read('db-GREEN'),
      blue: read(oldBlue),
      green: read(greenSide({ id: 'orders' })),
      record: read(null),
    },
  },
  'Green serves production, clean-up incomplete': {
    failure: { ...failure, state: 'Bake', error: 'BlueGreen.TestFailed' },
    endState: {
      production: read('db-GREEN'),
      blue: read(oldBlue),
      green: read(greenSide({ id: 'orders' })),
      record: read({ ...record, status: 'SWITCHOVER_COMPLETED' }),
    },
  },
  'Went back: blue serves production': {
    endState: {
      production: read('db-ORDERS'),
      blue: read(blueSide()),
      green: read(greenSide({ id: 'orders-failed' })),
    },
  },
  'Went back on a copy: production was not touched': {
    endState: {
      production: read('db-ORDERS'),
      blue: read(blueSide()),
      green: read(greenSide({ id: 'orders-failed' })),
    },
  },
  'Going back refused: nothing was changed': {
    failure: { ...failure, state: 'Read the run', error: 'BlueGreen.RequestInvalid' },
    deployment: {},
    endState: { production: unreadable('no database was named') },
  },
  'Did not go back: green serves production': {
    failure: { ...failure, state: 'Compare both sides', error: 'BlueGreen.TestFailed' },
    endState: { production: read('db-GREEN'), blue: read(oldBlue), green: read(greenSide({ id: 'orders' })) },
  },
  'Going back incomplete: look before any retry': {
    failure,
    endState: { production: read('db-GREEN'), blue: read(oldBlue), green: read(greenSide({ id: 'orders' })) },
  },
  'Outcome unknown: look before any retry': {
    failure: { ...failure, state: 'Find production side', error: 'BlueGreen.OutcomeUnknown' },
    endState: {
      production: unreadable('Throttling'),
      blue: unreadable('Throttling'),
      green: unreadable('Throttling'),
      record: unreadable('Throttling'),
    },
  },
};

function facts(end: EndName, more: Partial<OutcomeFacts> = {}): OutcomeFacts {
  return outcomeFacts(end, {
    startedAt: new Date(saturday - 5 * hour).toISOString(),
    request: request({ ticket: 'CHG-42' }),
    runbook: 'https://wiki.example/runbook',
    endState: { production: read('db-ORDERS') },
    ...usual[end],
    ...more,
  });
}

const names = Object.keys(ends) as EndName[];

describe.each(names)('the end "%s"', (end) => {
  const { subject, summary, text, json } = composeOutcome(facts(end));

  it('says the four things, in this order', () => {
    const headings = [
      'What happened',
      'Where writes go now',
      'What still runs and costs money',
      'What to do next',
    ];
    const places = headings.map((heading) => text.indexOf(`\n${heading}\n  - `));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('can be read by a tired person: the end first, short lines, nothing of a stack', () => {
    const lines = text.split('\n');
    expect(lines[0]).toBe(end.toUpperCase());
    expect(
      lines
        .filter((line) => line.length > 76 && line.trim().includes(' '))
        .filter((line) => !/arn:|--|^Runbook /.test(line)),
    ).toEqual([]);
    expect(text).not.toMatch(/trace|undefined|\[object|NaN/);
    expect(text).toContain(`Run      ${executionArn}`);
    expect(text).toContain('Ticket   "CHG-42"');
  });

  it('says who decided, how they were identified, when, after how long and why, and shows no seal', () => {
    const decision = {
      decision: 'approve',
      execution: 'arn:aws:states:eu-west-1:111122223333:execution:m:run',
      group: 'dba',
      by: 'Ada',
      identified: 'attested',
      at: '2026-03-01T10:30:00.000Z',
      askedAt: '2026-03-01T10:00:00.000Z',
      answerBy: '2026-03-02T10:00:00.000Z',
      tookSeconds: 1800,
      planHash: 'a'.repeat(64),
      sawDigest: 'b'.repeat(64),
      reason: 'tests are green',
      statement: null,
      seal: 'S'.repeat(43),
    };
    const told = composeOutcome(facts(end, { approval: { decisions: [decision] } }));
    expect(told.text.replace(/\s+/g, ' ')).toContain(
      'Who decided - dba approved by Ada (attested) at 2026-03-01 10:30 UTC, 30 min after it was asked: "tests are green"',
    );
    expect(told.json.decisions).toMatchObject([{ by: 'Ada', planHash: decision.planHash }]);
    expect(JSON.stringify(told)).not.toContain(decision.seal);
  });

  it('has a subject for SNS and a summary for the console', () => {
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(subject).toMatch(/^\[(OK|ACT|PAGE)\] /);
    const isSick = end === 'Green serves production, clean-up incomplete';
    expect(subject).toContain(isSick ? 'New production is not well: "Bake" failed' : end);
    expect(summary).toContain(end);
    expect(summary.length).toBeLessThanOrEqual(1_000);
    expect(json).toMatchObject({
      end,
      succeeded: ends[end].kind === 'succeed',
      executionArn,
      ticket: 'CHG-42',
    });
  });

  it('leads to its heading in the runbook', () => {
    expect(text.split('\n')).toContain(`Runbook  https://wiki.example/runbook#${anchor(end)}`);
    if (ends[end].machine === 'blue-green-deployment') {
      const runbook = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');
      expect(runbook).toContain(`\n## ${end}\n`);
    }
  });

  it('stays readable and small whatever hostile text comes in', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant('x'.repeat(70_000)),
      fc.constant('a\r\nBcc: you\u202e\u0007'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (cause, database, ticket) => {
        const told = composeOutcome(
          facts(end, {
            deployment: {},
            request: { database, ticket },
            failure: { ...failure, cause },
            cleanupFailure: { ...failure, state: 'Remove green', cause },
          }),
        );
        expect(told.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
        expect(told.summary).not.toMatch(/[\p{Cc}]/u);
        expect(told.text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
        expect(JSON.stringify(told).length).toBeLessThan(64 * 1_024);
      }),
      { numRuns: 25 },
    );
  });
});

describe('where writes go', () => {
  const writable = (end: EndName, more: Partial<OutcomeFacts> = {}) =>
    (composeOutcome(facts(end, more)).json.writable as string[]).join(' | ');

  it.each<[says: RegExp, when: string, end: EndName, more?: Partial<OutcomeFacts>]>([
    [
      /orders is blue, .*db-ORDERS, postgres 16\.9/,
      'blue serves',
      'Stopped before switchover: blue serves production',
    ],
    [/orders is new production, .*db-GREEN, postgres 17\.10/, 'green serves', 'Green serves production'],
    [/this run changed nothing/, 'it was refused early', 'Refused: nothing was changed'],
    [
      /^NOT READ\. This execution opened and closed nothing/,
      'going back was refused',
      'Going back refused: nothing was changed',
    ],
    [
      /LOOK NOW.*ended with green \(db-GREEN\) serving.*led to db-ORDERS/,
      'what is read contradicts the end',
      'Green serves production',
      { endState: { production: read('db-ORDERS') } },
    ],
    [
      /LOOK NOW.*nothing had the name/,
      'nothing has the name',
      'Green serves production',
      { endState: { production: read(null) } },
    ],
    [
      /as last proved.*Throttling/,
      'it cannot be read any more',
      'Green serves production',
      { endState: { production: unreadable('Throttling') } },
    ],
    [/NOT PROVED/, 'it could not be proved', 'Outcome unknown: look before any retry'],
    [
      /hook holds were NOT resumed/,
      'it could not be proved, and writes are held',
      'Outcome unknown: look before any retry',
      { request: { hooks: { stopWrites: {} } } },
    ],
    [
      /may still be held/,
      'the hook that resumes writes failed',
      'Stopped before switchover: blue serves production',
      { request: { hooks: { stopWrites: {} } }, cleanupFailure: { ...failure, state: 'Resume writes' } },
    ],
  ])('%s: %s', (says, _when, end, more) => {
    expect(writable(end, more)).toMatch(says);
  });
});

describe('an end of a run whose applications come by a record', () => {
  const byRecord = request({
    wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1ABC', recordName: 'orders-db.example.com' } },
  });
  const back = facts('Went back: blue serves production', {
    request: byRecord,
    deployment: deployment({ blue: oldBlue, green: greenSide({ id: 'orders' }) }),
    endState: {
      production: read('db-ORDERS'),
      blue: read(oldBlue),
      green: read(greenSide({ id: 'orders' })),
    },
  });

  it('names the record and the database that it leads to, and warns of the name that does not serve', () => {
    const { text, json } = composeOutcome(back);
    expect(json.writable).toEqual([
      expect.stringMatching(
        /^orders-db\.example\.com leads to blue, the database from before the change: db-ORDERS/,
      ),
    ]);
    expect(text).toContain('orders-db.example.com leads to orders-old1 now');
    expect(json.next).toContainEqual(
      expect.stringContaining('Start later runs for orders-old1. Delete nothing'),
    );
    expect(json.leftovers).toMatchObject([{ what: 'green', id: 'orders', resourceId: 'db-GREEN' }]);
  });

  it('says LOOK NOW when the record leads elsewhere', () => {
    const endState = { ...back.endState, production: read('dr.example.com') };
    expect(composeOutcome({ ...back, endState }).json.writable).toEqual([
      expect.stringMatching(/^LOOK NOW.*Just now orders-db\.example\.com led to dr\.example\.com/),
    ]);
  });

  it('says how to look at the record when going back is not finished', () => {
    const { json } = composeOutcome({ ...back, end: 'Going back incomplete: look before any retry' });
    expect(json.next).toContainEqual(
      expect.stringContaining('--hosted-zone-id Z1ABC --start-record-name orders-db.example.com'),
    );
  });
});

describe('what still costs money', () => {
  const left = (end: EndName, more: Partial<OutcomeFacts> = {}) =>
    (composeOutcome(facts(end, more)).json.leftovers as { what: string; id: string }[]).map(
      ({ what, id }) => `${what} ${id}`,
    );

  it.each<[what: string[], when: string, end: EndName, more?: Partial<OutcomeFacts>]>([
    [[], 'everything is gone', 'Stopped before switchover: blue serves production'],
    [[], 'a dry run', 'Dry run passed: nothing was changed'],
    [
      [`green ${greenName}`, `deployment record ${record.id}`],
      'RDS rolled back',
      'Switchover rolled back: blue serves production',
    ],
    [['old blue orders-old1'], 'old blue is kept', 'Green serves production'],
    [
      ['final snapshot last'],
      'old blue is deleted',
      'Green serves production',
      {
        endState: {
          production: read('db-GREEN'),
          blue: read(null),
          record: read(null),
          snapshot: read({ id: 'last', status: 'available' }),
        },
      },
    ],
    [
      [`green ${greenName}`],
      'green cannot be read: it is taken as running',
      'Stopped before switchover: blue serves production',
      {
        endState: {
          production: read('db-ORDERS'),
          blue: read(blueSide()),
          green: unreadable('AccessDenied'),
        },
      },
    ],
    [
      [`green ${greenName}`, 'blue orders', `deployment record ${record.id}`],
      'nothing can be read',
      'Outcome unknown: look before any retry',
    ],
  ])('%j: %s', (what, _when, end, more) => {
    expect(left(end, more)).toEqual(what);
  });

  it('is named by class and storage', () => {
    const aurora = deployment({ blue: clusterSide() });
    const endState = { production: read('db-GREEN'), blue: read(clusterSide({ id: 'orders-old1' })) };
    expect(
      composeOutcome(facts('Green serves production', { deployment: aurora, endState })).json.costs,
    ).toEqual([
      'old blue orders-old1 (cluster-ORDERS): 2 x db.r7g.large, and its Aurora storage, by the hour',
    ]);
    expect(composeOutcome(facts('Green serves production')).json.costs).toEqual([
      'old blue orders-old1 (db-ORDERS): 1 x db.r7g.large with standby, and 100 GiB of storage each, by the hour',
    ]);
  });
});

it('shows the warnings, and both errors when the clean-up failed too', () => {
  const { text } = composeOutcome(
    facts('Stopped before switchover: blue serves production', {
      cleanupFailure: { state: 'Remove green', error: 'BlueGreen.Busy', cause: 'throttled' },
      findings: [{ rule: 'identifier-length', severity: 'warning', message: 'a long name' }],
    }),
  );
  expect(text).toContain('"Wait for green" failed with BlueGreen.ProvisioningFailed: too few');
  expect(text).toContain('While cleaning up: "Remove green" failed with BlueGreen.Busy: throttled');
  expect(text).toContain('identifier-length: a long name');
});

it('a refusal tells every finding whole, a line each, also where they are many', () => {
  const lines = Array.from(
    { length: 14 },
    (_, n) => `${n + 1}. rule-${n}: ${'what was seen. '.repeat(30)}Mend it ${n}.`,
  );
  const outcome = composeOutcome({
    ...facts('Refused: nothing was changed'),
    failure: {
      state: 'Check preconditions',
      error: 'BlueGreen.PreconditionFailed',
      cause: JSON.stringify({ errorMessage: lines.join('\n') }),
    },
  });
  const flat = outcome.text.replace(/\s+/g, ' ');
  for (const n of lines.keys()) expect(flat).toContain(`Mend it ${n}.`);
  expect(outcome.summary).toContain('rule-5');
  expect(JSON.stringify(outcome).length).toBeLessThan(40_000);
});
