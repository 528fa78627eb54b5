import { describe, expect, it } from 'vitest';
import { databaseFact } from '../../../functions/domain/approval/evidence.ts';
import { planGoingBack } from '../../../functions/domain/approval/going-back.ts';
import { composeMessage, type Question } from '../../../functions/domain/approval/message.ts';
import { blueSide, deployment, executionArn, greenSide, instance, request, saturday } from '../sample.ts';

const iso = (hours: number) => new Date(saturday + hours * 3_600_000).toISOString();
const links = {
  decide: 'https://api.example/approval?AAAA',
  stop: 'https://api.example/approval?BBBB',
  phrase: 'amber walnut canoe',
};
const plan = planGoingBack(
  { run: executionArn, request: request(), deployment: deployment() },
  {},
  { statement: "lose rows of t's in app", behind: [], tables: [], anyTable: true },
);
const wholePlan = { ...plan, statement: null, loss: null };

const compose = (more: Partial<Question> = {}) =>
  composeMessage({
    ...{ executionArn, group: 'dba', occasion: 'ask' as const, request: request() },
    ...{ deployment: deployment({ planHash: 'plan' }), findings: [], tests: {}, links },
    window: { opensAt: iso(0), closesAt: iso(3), approveBy: iso(2) },
    ...more,
  });
const flat = (more: Partial<Question> = {}) => compose(more).text.replace(/\s+/g, ' ');

describe('the subject of a question', () => {
  const samePlace = deployment({ green: greenSide({ engineVersion: '16.9' }) });
  it.each<[string, Partial<Question>]>([
    ['[ACT] Approval wanted: orders PostgreSQL 16.9 to 17.10 (group dba)', {}],
    ['[ACT] Reminder: approval wanted: orders PostgreSQL 16.9 to 17.10 (group dba)', { occasion: 'remind' }],
    [
      '[PAGE] Last call: approval wanted: orders PostgreSQL 16.9 to 17.10 (group dba)',
      { occasion: 'escalate' },
    ],
    ['[ACT] Approval wanted: orders PostgreSQL 16.9 (group dba)', { deployment: samePlace }],
    [
      '[ACT] Approval wanted: orders PostgreSQL 16.9 (group dba)',
      { deployment: deployment({ green: undefined }) },
    ],
    ['[PAGE] Approval wanted: go back, orders PostgreSQL 17.10 to 16.9 (group dba)', { goingBack: plan }],
    [
      '[PAGE] Reminder: approval wanted: go back, orders PostgreSQL 17.10 to 16.9 (group dba)',
      { goingBack: plan, occasion: 'remind' },
    ],
  ])('%s', (subject, more) => {
    expect(compose(more).subject).toBe(subject);
  });
});

describe('the first words of a question', () => {
  const hidden = deployment({ green: blueSide({ resourceId: 'db-GREEN' }) });
  const changes = 'orders, PostgreSQL 16.9 -> 17.10; parameter group orders-16 -> orders-17.';
  it.each<[string, Partial<Question>]>([
    [`Viridian asks you to decide on a switchover: ${changes}`, {}],
    [
      `Viridian reminds you: half of the time to decide on a switchover is over: ${changes}`,
      { occasion: 'remind' },
    ],
    [
      `Viridian still waits for a decision on a switchover, and little time is left: ${changes}`,
      { occasion: 'escalate' },
    ],
    ['Viridian asks you to decide on a switchover: orders, the change of this run.', { deployment: hidden }],
    ['Viridian asks you to decide on going back: orders, PostgreSQL 17.10 to 16.9.', { goingBack: plan }],
  ])('%s', (words, more) => {
    expect(
      flat(more).startsWith(`${words} Group: dba. Answer by 2026-11-21 10:00 UTC; no answer is a no.`),
    ).toBe(true);
  });
});

/** From a line on to the end. */
const from = (opening: string, text: string) => text.slice(text.indexOf(opening)).split('\n');

describe('the ways to answer', () => {
  const command = `npm run approve -- --api https://api.example --execution ${executionArn} --group dba --decision approve`;

  it('are a link with its phrase, a link that stops, and a command', () => {
    expect(from('Read the facts', compose().text)).toEqual([
      'Read the facts as they are now, and approve or reject:',
      links.decide,
      '',
      'The page asks for these three words:  amber walnut canoe',
      '',
      'Stop the whole run instead:',
      links.stop,
      '',
      'Whoever has this message can use its links: do not forward it.',
      '',
      'Without a link, with rights in IAM:',
      command,
      '',
    ]);
  });

  it('are no link that stops, where nothing can be stopped', () => {
    const { decide, phrase } = links;
    const { text, json } = compose({ links: { decide, phrase } });
    expect(text).not.toContain('Stop the whole run');
    expect(json).toMatchObject({ decideLink: decide, typeToDecide: phrase });
    expect(json).not.toHaveProperty('stopLink');
  });

  it.each([
    ['of which others have the link', {}, 'The link to decide went to the group alone.'],
    [
      'that takes identities of IAM only',
      { request: request({ approval: { authenticatedOnly: true } }) },
      'There is no link: this run takes answers of identities that AWS knows only.',
    ],
  ])('are a command alone in a message %s', (_what, more, words) => {
    const { text, json } = compose({ ...more, links: undefined } as Partial<Question>);
    expect(from(words, text)).toEqual([
      words,
      '',
      'Without a link, with rights in IAM:',
      command.replace(' --api https://api.example', ''),
      '',
    ]);
    expect(Object.keys(json)).not.toEqual(expect.arrayContaining(['decideLink']));
    expect(json).not.toHaveProperty('typeToDecide');
  });

  it('accept a loss by its words, which a shell takes as they are', () => {
    expect(flat({ goingBack: plan })).toContain(`${command} --accept-loss 'lose rows of t'\\''s in app'`);
    expect(flat({ goingBack: wholePlan })).not.toContain('--accept-loss');
  });
});

describe('the facts of a question', () => {
  it('stand in two columns: the database and the change, what was read last, then the evidence', () => {
    const { text } = compose();
    const [, block = ''] = text.split('\n\n');
    const lines = block.split('\n');
    expect(
      lines
        .map((line) => line.slice(0, 20).trim())
        .filter(Boolean)
        .slice(0, 8),
    ).toEqual([
      'Database',
      'What changes',
      'Versions',
      'Deployment',
      'Blue',
      'Green',
      'Replication lag',
      'Test of green',
    ]);
    for (const line of lines) expect(line).toMatch(/^(?=.{1,76}$)(?:[A-Z][\w ,]{0,18}| {19}) \S/);
  });

  it('are the same for programs, which know a message that has come twice', () => {
    const { json, attributes } = compose();
    expect(json).toMatchObject({
      ...{
        kind: 'approval',
        occasion: 'ask',
        group: 'dba',
        executionArn,
        planHash: 'plan',
        answerBy: iso(2),
      },
      ...{ requestedBy: null, ticket: null, decideLink: links.decide, stopLink: links.stop },
      ...{ typeToDecide: links.phrase, database: instance },
    });
    expect((json.facts as object[])[0]).toEqual(databaseFact(instance));
    expect(json).not.toHaveProperty('goingBack');
    expect(attributes).toMatchObject({
      ...{ kind: 'approval', severity: 'ACT', occasion: 'ask', group: 'dba', database: 'orders' },
    });
    const others = [
      {},
      { group: 'ops' },
      { occasion: 'remind' as const },
      { executionArn: `${executionArn}2` },
    ];
    expect(new Set(others.map((more) => compose(more).attributes.id)).size).toBe(4);
    expect(compose().attributes.id).toBe(attributes.id);
  });

  it('have nothing where nothing is known', () => {
    expect(compose({ deployment: deployment() }).json.planHash).toBeNull();
  });

  it('name who asked and the ticket, as texts of others', () => {
    const named = request({ requestedBy: 'Ada', ticket: 'see https://x.example' });
    expect(compose({ request: named }).json).toMatchObject({
      requestedBy: 'Ada',
      ticket: 'see https[:]//x[.]example',
    });
  });

  it('have the plan of going back, but for the rows that would be lost', () => {
    const { loss: _, ...rest } = plan;
    expect(compose({ goingBack: plan }).json.goingBack).toEqual({ ...rest, loss: undefined });
  });
});
