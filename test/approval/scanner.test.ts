import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { makeDeployment, makeRequest } from './facts.ts';
import type { Question } from './question.ts';
import { guesses, textOf } from './robot.ts';
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

  it('never reads the name of the database or its account on a page', () =>
    scan(async ({ decideCode, stopCode }) => {
      for (const code of [decideCode, stopCode]) {
        const { text } = await visitor.get(code);
        expect(text).not.toMatch(/orders-eu|111122223333/i);
        expect(text).toContain('(the database)');
      }
    }));

  it('types every word and phrase of the page and every common test value decides nothing, and each try is counted', () =>
    scan(async ({ decideCode, stopCode }) => {
      for (const [code, answers] of [
        [decideCode, ['approve', 'reject']],
        [stopCode, ['stop']],
      ] as const) {
        const { text } = await visitor.get(code);
        const saw = readSaw(text);
        const tries = guesses(textOf(text), code === decideCode ? 5 : 2);
        const before = refusals();
        for (const [index, guess] of tries.entries()) {
          const answer = answers[index % answers.length] ?? '';
          const result = await visitor.post(code, {
            answer,
            database: guess,
            name: guess,
            reason: guess,
            saw,
          });
          expect([400, 422]).toContain(result.status);
        }
        expect(tries.length).toBeGreaterThan(200);
        expect(refusals() - before).toBe(tries.length);
      }
    }));
});
