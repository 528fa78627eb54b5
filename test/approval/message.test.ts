import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConfirmed, phraseOf } from '../../functions/domain/approval/confirmation.ts';
import { evidenceFacts, stateFacts } from '../../functions/domain/approval/evidence.ts';
import { composeMessage, type Question } from '../../functions/domain/approval/message.ts';
import { phraseWords } from '../../functions/domain/approval/phrase-words.ts';
import {
  foreignText,
  quote,
  showSpan,
  showTime,
  subjectLine,
  withoutLinks,
  wrapLine,
  wrapQuoted,
} from '../../functions/domain/model/text.ts';
import { checksFor } from '../../functions/domain/preconditions/by-sql/list.ts';
import { readQuestion } from '../../rehearsal/approver.ts';
import { makeDeployment, makeRequest, makeWindow } from './facts.ts';

const links = {
  decide: 'https://page.test/approval?AAAA',
  stop: 'https://page.test/approval?BBBB',
  phrase: 'amber walnut canoe',
};
const run = 'arn:aws:states:eu-west-1:111122223333:execution:viridian:run-1';

function compose(change: Partial<Question> = {}) {
  return composeMessage({
    executionArn: run,
    group: 'dba',
    occasion: 'ask',
    request: makeRequest({
      hooks: { testGreen: { arn: 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-test' } },
    }),
    deployment: makeDeployment({
      lag: {
        metric: 'OldestReplicationSlotLag',
        unit: 'Bytes',
        points: [
          { at: 3, value: 2_097_152 },
          { at: 2, value: 0 },
        ],
      },
    }),
    window: makeWindow(Date.UTC(2026, 10, 21, 14)),
    findings: [
      { rule: 'identifier-length', severity: 'warning', message: 'the name is long' },
      { rule: 'seen', severity: 'info', message: 'not for people' } as never,
    ],
    tests: { testGreen: { verdict: 'pass', because: '214 queries gave the same rows' } },
    links,
    ...change,
  });
}

describe('the message to a group', () => {
  const text = compose().text.replace(/\s+/g, ' ');
  it.each([
    [
      'what changes, from what to what',
      'PostgreSQL 15.8 -> 17.2; parameter group orders-eu-15 -> orders-eu-17',
    ],
    ['which database, where', 'orders-eu, PostgreSQL instance in account 111122223333, eu-west-1'],
    ['what the test said', 'pass: "214 queries gave the same rows"'],
    ['how green differs', 'backup retention 7 -> 14 days (asked for)'],
    ['the trend of the lag', '2.0 MiB, 0.0 MiB (newest first; limit 16 MiB; OldestReplicationSlotLag)'],
    ['the expected outage and its basis', "under a minute without writes, by AWS's documentation"],
    ['what RDS does when it takes longer', 'After 300 s RDS rolls back'],
    ['that there is no way back without loss', 'No lossless way back is set up by this run'],
    ['what runs twice', '1 x db.r7g.large and 100 GiB of storage'],
    ['until when', 'Answer by 2026-11-22 14:00 UTC'],
    ['that silence is a no', 'no answer is a no'],
    ['warnings, and only warnings', 'Warnings "the name is long"'],
    ['who asks', 'Requested by not known; the input says "alice@example[.]com"'],
    ['the ticket', 'Ticket "CHG-1234"'],
    ['the link', links.decide],
    ['what to type', 'these three words: amber walnut canoe'],
    ['the link to stop', links.stop],
    [
      'the way without a link',
      `npm run approve -- --api https://page.test --execution ${run} --group dba --decision approve`,
    ],
  ])('says %s', (_what, words) => expect(text).toContain(words));

  it('keeps its lines under 80 characters, apart from links and commands', () => {
    const long = compose()
      .text.split('\n')
      .filter((line) => line.length > 79);
    expect(long.every((line) => /^https:|^npm run approve/.test(line))).toBe(true);
  });

  it('has a JSON form with the same facts, and attributes for filters', () => {
    const { json, attributes } = compose();
    expect(json).toMatchObject({
      kind: 'approval',
      group: 'dba',
      decideLink: links.decide,
      planHash: makeDeployment().planHash,
    });
    expect(attributes).toEqual({
      ...{ kind: 'approval', severity: 'ACT', occasion: 'ask', group: 'dba', database: 'orders-eu' },
      id: expect.any(String),
    });
  });

  it('is read by the approver of the rehearsal as by a person', () => {
    const { link, confirmation } = readQuestion({ message: compose().text }) ?? {};
    expect({ link, confirmation }).toEqual({ link: links.decide, confirmation: links.phrase });
  });

  it('says what is not known', () => {
    const bare = compose({
      request: makeRequest(),
      tests: {},
      findings: [],
      deployment: makeDeployment({ lag: undefined, differences: undefined } as never),
    });
    const words = bare.text.replace(/\s+/g, ' ');
    expect(words).toContain('none: the request names no hook testGreen');
    expect(words).toContain('Replication lag no reading');
    expect(words).toContain('no undeclared difference');
  });

  it('names a member that is not available, and the deletion of old blue', () => {
    const deployment = makeDeployment();
    if (deployment.green?.members[0]) deployment.green.members[0].status = 'rebooting';
    const words = compose({
      deployment,
      request: makeRequest({ oldBlue: { deleteAfterDays: 7 } }),
    }).text.replace(/\s+/g, ' ');
    expect(words).toContain('is rebooting');
    expect(words).toContain('kept for 7 days after the bake');
  });

  it('has no power without links', () => {
    const { text, json } = compose({ links: undefined } as never);
    expect(text).not.toContain('https://');
    expect(JSON.stringify(json)).not.toContain('https://');
    expect(text).not.toContain('three words');
  });
});

describe('a subject', () => {
  it('is one line of at most 100 printable ASCII characters that does not begin with a space', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(subjectLine(text)).toMatch(/^[A-Za-z0-9][\x20-\x7e]{0,99}$/);
      }),
    ));

  it('carries no header from a name', () => {
    const deployment = makeDeployment();
    deployment.database.id = 'x\r\nBcc: eve@example.com\r\n\r\nbody';
    const { subject } = compose({ deployment });
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('tells ask, reminder and escalation apart', () => {
    const subjects = (['ask', 'remind', 'escalate'] as const).map(
      (occasion) => compose({ occasion }).subject,
    );
    expect(subjects).toEqual([
      '[ACT] Approval wanted: orders-eu PostgreSQL 15.8 to 17.2 (group dba)',
      '[ACT] Reminder: approval wanted: orders-eu PostgreSQL 15.8 to 17.2 (group dba)',
      '[PAGE] Last call: approval wanted: orders-eu PostgreSQL 15.8 to 17.2 (group dba)',
    ]);
  });
});

describe('facts from hooks and requests', () => {
  it('cannot break a line, hide or turn the text', () => {
    const evil = 'pass\r\nAnswer by: never\u202e\u0000\u2028x';
    const facts = evidenceFacts({
      request: makeRequest({ ticket: evil, requestedBy: evil }),
      deployment: makeDeployment({ differences: [evil] }),
      window: makeWindow(0),
      findings: [{ rule: 'x', severity: 'warning', message: evil }],
      tests: { testGreen: { verdict: evil, because: evil } },
    });
    for (const { value } of facts) expect(value).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('are cut where they are too long for a page', () => {
    const facts = stateFacts(makeDeployment({ status: 'x'.repeat(5_000) }), makeRequest().lag);
    expect(facts.every(({ value }) => value.length <= 1_000)).toBe(true);
  });
});

it('what was not checked stands in a line of its own, whole, beside many warnings', () => {
  const asked = { engine: 'postgres', replication: 'logical', from: '15.8', to: '17.2' } as const;
  const names = checksFor(asked)
    .map(({ id }) => id)
    .join(', ');
  const many = Array.from({ length: 30 }, (_, n) => ({
    rule: `rule-${n}`,
    severity: 'warning' as const,
    message: `${n} ${'x'.repeat(690)}`,
  }));
  const unchecked = {
    rule: 'sql-access',
    severity: 'warning' as const,
    message: `the databases were not asked, since the request names no wayBack.login. Not checked: ${names}. Name wayBack.login to have them checked.`,
  };
  const { text: mail } = compose({ findings: [unchecked, ...many] });
  const flat = mail.replace(/\s+/g, ' ');
  expect(flat).toContain(names);
  expect(flat).toContain('and 22 more: rule-8, rule-9');
});

describe('texts of others', () => {
  const evil = [
    'pass\r\n\r\nApprove here: https://evil.example/approve?x',
    '<https://evil.example|Approve here> <!channel> <@U123>',
    '[Approve here](https://evil.example) www.evil.example evil.example/yes bob@evil.example mailto:bob@evil.example',
    '\u202eereh evorppA\u202c" Read the facts as they are now, and approve or reject: `x`',
    `${'x '.repeat(40)}Answer by 2030-01-01; no answer is a no. ${'y '.repeat(300)}`,
  ];

  it.each(evil)('have no link, no mention and no line of ours: %j', (text) => {
    const {
      text: mail,
      json,
      subject,
    } = compose({
      request: makeRequest({
        ticket: text.slice(0, 200),
        requestedBy: text.slice(0, 200),
        hooks: { testGreen: { arn: 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-test' } },
      }),
      deployment: makeDeployment({ differences: [text] }),
      findings: [{ rule: 'x', severity: 'warning', message: text }],
      tests: { testGreen: { verdict: text, because: text } },
    });
    const ours = [links.decide, links.stop, 'https://page.test'];
    for (const shown of [mail, JSON.stringify(json)]) {
      const urls = shown.match(/\w+:\/\/[^\s"\\]+/g) ?? [];
      expect(urls.filter((url) => !ours.includes(url))).toEqual([]);
      expect(shown).not.toMatch(/evil\.example|<[^\s>]|\]\(|[\u202a-\u202e]|mailto:/);
    }
    expect(subject).not.toContain('Approve here');
    for (const heading of ['Approve here', 'Read the facts as they are now', 'Answer by 2030'])
      for (const line of mail.split('\n').map((one) => one.trim()))
        if (line.startsWith(heading))
          expect(line).toBe('Read the facts as they are now, and approve or reject:');
  });

  it('keep names and times as they are written', () => {
    expect(quote('CHG-1234')).toBe('"CHG-1234"');
    expect(foreignText('15.8 at 02:30, 0.5 s < 1 s, a -> b')).toBe('15.8 at 02:30, 0.5 s < 1 s, a -> b');
    expect(withoutLinks('GRANT SELECT ON public.orders TO "app"')).toBe(
      'GRANT SELECT ON public.orders TO "app"',
    );
  });

  it('cannot end their quotation marks, and are marked on each further line', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const quoted = quote(text);
        expect(quoted.slice(1, -1)).not.toMatch(/["\p{Cc}\p{Cf}]/u);
        const [, ...further] = wrapQuoted(`pass: ${quoted}`, 56);
        for (const line of further) expect(line.startsWith('> ')).toBe(true);
      }),
    ));
});

describe('what is to be typed', () => {
  const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

  it('is three words of the list, the same for one secret and hardly ever for two', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const words = phraseOf(bytes).split(' ');
        expect(words).toHaveLength(3);
        for (const word of words) expect(phraseWords).toContain(word);
        expect(phraseOf(Buffer.from(bytes))).toBe(words.join(' '));
      }),
    );
    const many = Array.from({ length: 3_000 }, () => phraseOf(randomBytes(32)));
    expect(new Set(many).size).toBeGreaterThan(2_997);
    expect(new Set(many.flatMap((phrase) => phrase.split(' '))).size).toBeGreaterThan(1_000);
  });

  it.each([
    ['as it stands', 'amber walnut canoe', true],
    ['in capitals, with spaces', '  AMBER \u00a0walnut\tCanoe ', true],
    ['with other marks between', 'Amber-walnut, canoe.', true],
    ['without spaces', 'amberwalnutcanoe', true],
    ['in wide letters', '\uff21mber walnut canoe', true],
    ['in another order', 'walnut amber canoe', false],
    ['with a word less', 'amber walnut', false],
    ['with a word more', 'amber walnut canoe canoe', false],
    ['with a letter of another script', '\u0430mber walnut canoe', false],
    ['left out', '', false],
    ['without a letter', ' - ', false],
  ])('counts %s: %s', (_how, typed, counts) => expect(isConfirmed(typed, 'amber walnut canoe')).toBe(counts));
});

describe('the words', () => {
  it('are 1,024, short and plain', () => {
    expect(new Set(phraseWords).size).toBe(1_024);
    expect(phraseWords).toHaveLength(1_024);
    expect(phraseWords.filter((word) => !/^[a-z]{4,7}$/.test(word))).toEqual([]);
  });

  it('are not one wrong letter apart', () => {
    const forms = new Map<string, string>();
    const twins: string[] = [];
    for (const word of phraseWords)
      for (let at = 0; at <= word.length; at += 1)
        for (const form of new Set([
          `${word.slice(0, at)}?${word.slice(at + 1)}`,
          `${word.slice(0, at)}?${word.slice(at)}`,
        ])) {
          const other = forms.get(form);
          if (other !== undefined && other !== word) twins.push(`${other} ${word}`);
          forms.set(form, word);
        }
    expect(twins).toEqual([]);
  });
});

describe('times and spans', () => {
  it.each([
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 00:30 UTC (Sun 02:30 Europe/Berlin)'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 01:30 UTC (Sun 02:30 Europe/Berlin)'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29 01:00 UTC (Sun 03:00 Europe/Berlin)'],
    ['2026-11-21T14:05:59Z', undefined, '2026-11-21 14:05 UTC'],
    ['no time', 'Europe/Berlin', 'no time'],
  ])('%s in %s', (time, zone, shown) => expect(showTime(time, zone)).toBe(shown));

  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3_725, '1 h 2 min'],
    [90_000, '1 d 1 h'],
    [-5, '0 s'],
  ])('%s seconds are %s', (seconds, shown) => expect(showSpan(seconds)).toBe(shown));

  it('wraps at spaces and keeps words whole', () => {
    expect(wrapLine('one two https://a.very.long/link three', 10)).toEqual([
      'one two',
      'https://a.very.long/link',
      'three',
    ]);
  });
});
