import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { makeDeployment, makeRequest } from './facts.ts';
import type { Question } from './question.ts';
import { guesses, phrasesWithoutKey, textOf, unfold, wordsOf } from './robot.ts';
import { Stage } from './stage.ts';
import { goodForm, readSaw, Visitor } from './visitor.ts';

let clock: VirtualClock;
let stage: Stage;
let visitor: Visitor;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
  stage = new Stage(clock);
  visitor = new Visitor(stage.endpoint);
});
afterEach(() => stage.close());

/** A scanner at work on a message whose every fact speaks of the database; nothing may be decided. */
function scan(work: (question: Question) => Promise<void>): Promise<void> {
  return clock.run(async () => {
    const run = stage.start({
      name: 'upgrade-orders-eu',
      request: makeRequest({ ticket: 'CHG-1 upgrade orders-eu', requestedBy: 'orders-eu-owner' }),
      deployment: makeDeployment({ differences: ['orders-eu keeps backups for 7 days'] }),
      findings: [
        { rule: 'x', severity: 'warning', message: 'orders-eu has a long name (orders-eu.abc.rds)' },
      ],
      tests: { testGreen: { verdict: 'pass', because: 'orders-eu-green answers' } },
    });
    await work(await stage.question(run));
    await clock.sleep(5_000);
    expect(stage.isRunning(run)).toBe(true);
    expect(stage.logs.filter((line) => line.includes('approval.decided'))).toEqual([]);
  });
}

const refusals = () => stage.logs.filter((line) => /"event":"(page|approval)\.refused"/.test(line)).length;

describe('a scanner that', () => {
  it('follows every link of the message finds two, and decides nothing by GET and HEAD', () =>
    scan(async ({ text, decideCode, stopCode }) => {
      const links = text.match(/https?:\/\/\S+/g) ?? [];
      expect(links.map((link) => link.replace(/^.*\?/, ''))).toEqual([
        decideCode,
        stopCode,
        'https://page.test',
      ]);
      for (const code of [decideCode, stopCode])
        for (const method of ['HEAD', 'GET', 'GET', 'HEAD'])
          expect((await visitor.get(code, method)).status).toBe(200);
    }));

  it('asks with HEAD gets what GET says, without a body', () =>
    scan(async ({ decideCode }) => {
      const { text, ...got } = await visitor.get(decideCode);
      expect(await visitor.get(decideCode, 'HEAD')).toEqual({ ...got, text: '' });
      expect(text).not.toBe('');
    }));

  it('posts without Origin is refused and counted', () =>
    scan(async ({ decideCode }) => {
      const saw = readSaw((await visitor.get(decideCode)).text);
      const before = refusals();
      await visitor.post(decideCode, { ...goodForm, saw }, { headers: { origin: '' } });
      expect(refusals()).toBe(before + 1);
    }));

  it('types words and phrases of the page and common test values decides nothing, and each try is counted', () =>
    scan(async ({ decideCode, stopCode }) => {
      for (const [code, answers] of [
        [decideCode, ['approve', 'reject']],
        [stopCode, ['stop']],
      ] as const) {
        const { text } = await visitor.get(code);
        const saw = readSaw(text);
        const all = guesses(textOf(text), 2);
        // A few by hand; that none of all could be the phrase is shown below.
        const tries = all.filter((_, index) => index % Math.ceil(all.length / 25) === 0);
        const before = refusals();
        const statuses: number[] = [];
        for (const [index, guess] of tries.entries()) {
          const answer = answers[index % answers.length] ?? '';
          const form = { answer, phrase: guess, name: 'Robot Visitor', reason: 'because', saw };
          statuses.push((await visitor.post(code, form)).status);
          // Comes back each time that the page opens again.
          if (statuses.at(-1) === 429) await clock.sleep(16 * 60_000);
        }
        expect(tries.length).toBeGreaterThan(20);
        expect(statuses.filter((status) => status === 422).length).toBe(12);
        expect(new Set(statuses)).toEqual(new Set([422, 429]));
        expect(refusals() - before).toBe(tries.length);
      }
    }));
});

const names = [
  ['the database', 'orders-eu', 'orders-eu'],
  ['the database and a date', 'orders-eu-2026-11-29', 'orders-eu'],
  ['a date', '20261129-0200', 'crm-billing-3'],
  ['a random id', '0b2f6f9e-7a54-4b7f-9f4b-9a8b4d3b1c11', 'prod'],
  ['words of our list', 'amber-walnut-canoe', 'amber-walnut-canoe'],
  ['one letter', 'a', 'b'],
  ['a sentence', 'upgrade_orders_eu_to_17_on_sunday_night_by_the_database_team_ticket_CHG-1234', 'orders-eu'],
  ['letters of another script', 'Aktualisierung-für-Köln', 'orders-eu'],
] as const;

describe('a robot that decodes, splits and combines all that link, page and headers hold', () => {
  it.each(names)('finds no phrase in a run that is named after %s', (_how, name, id) =>
    clock.run(async () => {
      const deployment = makeDeployment();
      deployment.database.id = id;
      const run = stage.start({ name, deployment, request: makeRequest({ ticket: name, requestedBy: id }) });
      const { decideCode, stopCode, json, text } = await stage.question(run);
      const held = [decideCode, stopCode, run, name, id, deployment.database.arn];
      for (const code of [decideCode, stopCode]) {
        const page = await visitor.get(code);
        const saw = readSaw(page.text);
        const wrong = await visitor.post(code, {
          answer: 'approve',
          phrase: 'x',
          name: 'x',
          reason: '',
          saw,
        });
        held.push(page.text, textOf(page.text), JSON.stringify(page.headers), wrong.text);
      }
      const found = unfold(...held);
      const words = wordsOf(found);
      const phrase = String(json.typeToDecide);
      expect(text).toContain(phrase);
      expect(found.size).toBeGreaterThan(500);
      // With one word of the phrase less than all there is no way to put it together.
      expect(phrase.split(' ').filter((word) => !words.has(word))).not.toEqual([]);
      const codes = unfold(decideCode, stopCode, name, id, run);
      expect(phrasesWithoutKey(codes)).not.toContain(phrase);
    }),
  );

  it('would find it if it stood there, in whatever form', () => {
    const phrase = 'amber walnut canoe';
    const hidden = [
      Buffer.from(JSON.stringify(['decide', phrase])).toString('base64url'),
      Buffer.from(Buffer.from(phrase).toString('hex')).toString('base64'),
      `saw=${encodeURIComponent(Buffer.from(phrase).toString('base64'))}&x=1`,
    ];
    for (const text of hidden)
      expect([...wordsOf(unfold(`<p>${text}</p>`))]).toEqual(expect.arrayContaining(phrase.split(' ')));
  });

  it('is in no state, history, log or page either', () =>
    clock.run(async () => {
      const run = stage.start();
      const { decideCode, json } = await stage.question(run);
      const phrase = String(json.typeToDecide);
      const pages = [await visitor.get(decideCode)];
      const person = new Visitor(stage.endpoint, stage.sns);
      pages.push(await person.decide(decideCode, { name: '' }), await person.decide(decideCode));
      await stage.ended(run);
      const kept = [stage.states.getExecutionHistory(run), stage.logs, pages];
      for (const one of kept) expect(JSON.stringify(one)).not.toContain(phrase);
    }));
});
