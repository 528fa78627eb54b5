import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readQuestion } from '../approval/question.ts';
import { input, Operator } from './operator.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let operator: Operator;
beforeEach(async () => {
  stage = await Stage.open();
  operator = new Operator(stage);
});
afterEach(() => stage.close());

/** What the message of a run says of who asked for it. */
async function requesterOf(run: string): Promise<string | undefined> {
  await stage.until(run, 'Wait for approval');
  const message = stage.account.sns.messages.findLast(
    ({ topicArn }) => topicArn === stage.account.topics.approvals,
  );
  // A long value goes on in the next line.
  return message && /Requested by\s+(\S.*)/.exec(readQuestion(message).text)?.[1];
}

describe('who asks for a run', () => {
  it('is known where IAM let the request through, and people recognise the name of the run', async () => {
    const started = await operator.call('ADA', { execution: '', group: '', act: { kind: 'request', input } });
    if (started.kind !== 'started') throw new Error(started.kind);
    expect(started.executionArn.split(':').at(-1)).toMatch(/^orders-\d{4}-\d\d-\d\d-\d{4}-[0-9a-f]{6}$/);
    expect(await requesterOf(started.executionArn)).toBe(
      '"arn:aws:iam::111122223333:user/ADA", known by IAM',
    );
  });

  it('is not known by the seal of another run', async () => {
    const first = await operator.call('ADA', { execution: '', group: '', act: { kind: 'request', input } });
    if (first.kind !== 'started') throw new Error(first.kind);
    const copied = JSON.parse(
      stage.account.states.describeExecution(first.executionArn).input ?? '{}',
    ) as object;
    await operator.call('ADA', {
      execution: first.executionArn,
      group: '',
      act: { kind: 'stop', reason: 'make room' },
    });
    await stage.finish(first.executionArn);
    expect(copied).toHaveProperty('requestSeal');
    expect(await requesterOf(operator.start(copied))).toBe('not known; the input says');
  });

  it.each([
    [{}, 'not known'],
    [{ requestedBy: 'Ada' }, 'not known; the input says "Ada"'],
    [{ requestedBy: 'Ada', requestSeal: 'A'.repeat(43) }, 'not known; the input says "Ada"'],
  ])('is not known by %j', async (more, said) => {
    expect(await requesterOf(operator.start(more))).toBe(said);
  });
});

describe('a person with an identity', () => {
  it('stops a run that asks nobody, before the cut, and sees where it stands', async () => {
    const run = operator.start({ approval: { required: false } });
    await stage.until(run, 'Wait for green');
    expect(await operator.standing(run)).toMatchObject({
      phase: 'Build',
      state: 'Wait for green',
      ended: null,
    });
    const stop = { execution: run, group: '', act: { kind: 'stop', reason: 'not today' } };
    expect(await operator.call('ADA', stop)).toMatchObject({ kind: 'stopped', yours: true });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(await operator.standing(run)).toMatchObject({
      phase: 'Ended',
      ended: 'Stopped before switchover: blue serves production (BlueGreen.StopRequested)',
    });
    expect(await operator.call('ADA', stop)).toMatchObject({ kind: 'stopped', yours: false });
  });

  it('sees which group a run waits for', async () => {
    const run = operator.start({});
    await stage.until(run, 'Wait for approval');
    expect(await operator.standing(run)).toMatchObject({
      phase: 'Hold',
      waitsFor: ['an answer of group approvers'],
    });
  });

  it.each([
    {
      execution: 'arn:aws:states:eu-west-1:111122223333:execution:other:run',
      group: '',
      act: { kind: 'stop', reason: 'not ours' },
    },
    { execution: '', group: '', act: { kind: 'request', input: [] } },
  ])('is refused with %j', async (body) => {
    expect(['void', 'refused']).toContain((await operator.call('ADA', body)).kind);
  });
});

describe('going back in the bake', () => {
  const wayBack = { login: {}, applicationRoles: ['app'], onFailure: 'go-back' };
  const begin = async (more: object) => {
    const run = operator.start({ bake: { minutes: 600 }, wayBack, ...more });
    if (!('approval' in more)) {
      await operator.reach(run, 'Wait for approval');
      await operator.approve('Carol Example');
    }
    await operator.reach(run, 'Bake');
    return run;
  };
  const goingBack = () => stage.account.states.listExecutions(stage.account.rollBackMachineArn);

  it('is not decided by who stops the run, whatever a failure leads to', async () => {
    const run = await begin({ approval: { required: false, withinHours: 1 } });
    expect(await operator.steer(run, 'stop')).toMatchObject({ kind: 'stopped', yours: true });
    await operator.reach(run, 'Wait for a decision');
    expect(goingBack()).toEqual([]);
    expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
  });

  it('is asked for on the page of the link, and somebody else says yes', async () => {
    const run = await begin({});
    const { open, press } = operator.page(operator.question());
    expect((await open()).buttons).toEqual(['ask-to-go-back', 'stop']);
    expect((await press('ask-to-go-back', { phrase: 'wrong words here' })).status).toBe(422);
    expect(goingBack()).toEqual([]);
    await operator.reach(run, 'Bake');
    expect((await press('ask-to-go-back')).text).toContain('Going back is asked');
    const back = goingBack()[0]?.order.arn ?? '';
    await operator.reach(back, 'Wait for approval');
    expect(operator.question().text).toContain('not known; the input says "Bob Example"');
    expect((await operator.approve('Bob Example')).status).toBe(422);
    expect((await operator.approve('Carol Example')).status).toBe(200);
    expect(await stage.finish(run)).toBe('Went back: blue serves production');
  });

  it('is not offered where no way back is open', async () => {
    const run = operator.start({ bake: { minutes: 600 }, wayBack: { enabled: false } });
    await operator.reach(run, 'Wait for approval');
    await operator.approve('Carol Example');
    await operator.reach(run, 'Bake');
    const { open, press } = operator.page(operator.question());
    expect((await open()).buttons).toEqual(['stop']);
    expect((await press('ask-to-go-back')).status).toBe(409);
  });
});
