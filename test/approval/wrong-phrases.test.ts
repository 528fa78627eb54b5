import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeWrongPhrases } from '../../functions/domain/approval/wrong-phrases.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import type { Question } from './question.ts';
import { Stage } from './stage.ts';
import { goodForm, readSaw, Visitor } from './visitor.ts';

let clock: VirtualClock;
let stage: Stage;
let visitor: Visitor;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
  stage = new Stage(clock);
  visitor = new Visitor(stage.endpoint, stage.sns);
});
afterEach(() => stage.close());

function play(story: (question: Question, run: string) => Promise<void>): Promise<void> {
  return clock.run(async () => {
    const run = stage.start({ name: 'target' });
    await story(await stage.question(run), run);
  });
}

const minutes = (count: number) => clock.sleep(count * 60_000);

async function typeWrong(code: string, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1)
    statuses.push((await visitor.decide(code, { phrase: `wrong ${time}` })).status);
  return statuses;
}

const announced = () =>
  stage.sns.messages.filter(
    ({ topicArn, attributes }) =>
      topicArn === stage.topics.announcements && attributes.kind?.StringValue === 'wrong-phrases',
  );

describe('wrong phrases', () => {
  it('close the page of their link for a while, also to the right phrase, and are told once', () =>
    play(async ({ decideCode }, run) => {
      expect(await typeWrong(decideCode, 4)).toEqual([422, 422, 422, 422]);
      expect(announced()).toEqual([]);
      const fifth = await visitor.decide(decideCode, { phrase: 'wrong again' });
      expect(fifth.status).toBe(429);
      expect(fifth.text).toContain('This link is closed until');
      expect(Number(fifth.headers['retry-after'])).toBeGreaterThan(14 * 60);
      const shown = await visitor.get(decideCode);
      expect(shown.status).toBe(429);
      expect((await visitor.post(decideCode, { ...goodForm, saw: '' })).status).toBe(429);
      expect(announced()).toHaveLength(1);
      expect(announced()[0]?.subject).toContain('Wrong phrases at a link of run target');
      expect(announced()[0]?.message).not.toContain('/approval?');
      await minutes(14);
      expect((await visitor.decide(decideCode)).status).toBe(429);
      await minutes(1.1);
      expect((await visitor.decide(decideCode)).text).toContain('Your decision is recorded');
      expect((await stage.ended(run)).approval?.decisions).toHaveLength(1);
      expect(announced()).toHaveLength(1);
    }));

  it('at one link leave the other links open, and those who IAM knows', () =>
    play(async ({ decideCode, stopCode }, run) => {
      await typeWrong(decideCode, 5);
      expect((await visitor.get(stopCode)).status).toBe(200);
      const stop = { answer: 'stop', name: 'Alice Example', reason: 'somebody else has the link' };
      expect((await visitor.post(stopCode, stop)).text).toContain('Your request is recorded');
      expect(await stage.ended(run)).toMatchObject({ error: 'BlueGreen.StopRequested' });
    }));

  it('at the link to stop are counted as well', () =>
    play(async ({ stopCode, decideCode }, run) => {
      const stop = { answer: 'stop', name: 'Alice Example', reason: 'because', phrase: 'wrong' };
      const statuses: number[] = [];
      for (let time = 0; time < 6; time += 1) statuses.push((await visitor.post(stopCode, stop)).status);
      expect(statuses).toEqual([422, 422, 422, 422, 429, 429]);
      expect((await visitor.get(decideCode)).status).toBe(200);
      expect(stage.isRunning(run)).toBe(true);
    }));

  it('are counted exactly when many are sent at once', () =>
    play(async ({ decideCode }, run) => {
      const saw = readSaw((await visitor.get(decideCode)).text);
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          visitor.post(decideCode, { ...goodForm, saw, phrase: `guess ${index}` }),
        ),
      );
      const told = answers.filter(({ status }) => status === 422);
      expect(told).toHaveLength(4);
      expect(answers.every(({ status }) => [422, 429, 503].includes(status))).toBe(true);
      expect(announced()).toHaveLength(1);
      expect(stage.isRunning(run)).toBe(true);
    }));

  it('close a link for good in the end, and the next message has another one', () =>
    play(async ({ decideCode }, run) => {
      for (const _ of [1, 2, 3]) {
        expect((await typeWrong(decideCode, 5)).at(-1)).toBe(429);
        await minutes(16);
      }
      const closed = await visitor.decide(decideCode);
      expect(closed.status).toBe(429);
      expect(closed.text).toContain('closed for good');
      expect(closed.headers['retry-after']).toBeUndefined();
      expect(announced()).toHaveLength(3);
      expect(announced()[2]?.message).toContain('closed for good');
      await minutes(12 * 60);
      const reminder = stage.questions().find(({ occasion }) => occasion === 'remind');
      expect((await visitor.decide(reminder?.decideCode ?? '')).status).toBe(200);
      expect((await stage.ended(run)).approval?.decisions).toHaveLength(1);
    }));

  it('are not judged, nor counted, as long as something else is wrong with the form', () =>
    play(async ({ decideCode }) => {
      for (let time = 0; time < 8; time += 1) {
        const page = await visitor.decide(decideCode, { phrase: 'wrong', name: '' });
        expect(page.status).toBe(422);
        expect(page.text).not.toContain('three words of the message that this link came with. ');
      }
      expect((await visitor.decide(decideCode)).text).toContain('Your decision is recorded');
    }));

  it('are told in words that name the run and no link', () => {
    const { subject, text } = composeWrongPhrases({
      runbook: 'https://runbook.example',
      executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:viridian:target',
      group: 'dba',
      purpose: 'decide',
      link: '0123456789ab',
      count: 5,
      until: '2026-11-21T14:15:00.000Z',
    });
    expect(subject).toBe('[ACT] Wrong phrases at a link of run target (group dba)');
    expect(text).toContain('closed until 2026-11-21 14:15 UTC');
    expect(text).toContain('Nothing was decided');
  });
});
