import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStanding } from '../../commands/run-status.ts';
import { openTokens } from '../../functions/aws/step-functions/open-token.ts';
import type { DecideResult } from '../../functions/http/protocol.ts';
import { readQuestion } from '../approval/question.ts';
import { signedPost } from '../approval/signer.ts';
import { Visitor } from '../approval/visitor.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** Posts to the route of IAM as the commands do; the local endpoint takes the key id for the user's name. */
async function call(user: string, body: object): Promise<DecideResult> {
  const request = await signedPost(user, JSON.stringify(body), stage.clock.now());
  const send = new Visitor(stage.account.endpoint).send(request);
  return JSON.parse((await stage.clock.run(send)).text) as DecideResult;
}

const input = { database: 'orders', target: { engineVersion: '17.10', parameterGroup: 'logical17' } };

/** What the message of a run says of who asked for it. */
async function requesterOf(run: string): Promise<string | undefined> {
  await stage.until(run, 'Wait for approval');
  const message = stage.account.sns.messages.findLast(
    ({ topicArn }) => topicArn === stage.account.topics.approvals,
  );
  // A long value goes on in the next line.
  return message && /Requested by\s+(\S.*)/.exec(readQuestion(message).text)?.[1];
}

const startByHand = (more: object) =>
  stage.account.states.startExecution({
    stateMachineArn: stage.account.stateMachineArn,
    input: JSON.stringify({ ...input, ...more }),
  }).executionArn;

async function standing(executionArn: string) {
  const events = stage.account.states.getExecutionHistory(executionArn);
  const tokens = [];
  const backwards = (async function* () {
    yield* events.toReversed();
  })();
  for await (const token of openTokens(backwards)) tokens.push(token);
  const { status = '', error } = stage.account.states.describeExecution(executionArn);
  return readStanding({ executionArn, status, error }, events, tokens);
}

describe('who asks for a run', () => {
  it('is known where IAM let the request through, and people recognise the name of the run', async () => {
    const started = await call('ADA', { execution: '', group: '', act: { kind: 'request', input } });
    if (started.kind !== 'started') throw new Error(started.kind);
    expect(started.executionArn.split(':').at(-1)).toMatch(/^orders-\d{4}-\d\d-\d\d-\d{4}-[0-9a-f]{6}$/);
    expect(await requesterOf(started.executionArn)).toBe(
      '"arn:aws:iam::111122223333:user/ADA", known by IAM',
    );
  });

  it('is not known by the seal of another run', async () => {
    const first = await call('ADA', { execution: '', group: '', act: { kind: 'request', input } });
    if (first.kind !== 'started') throw new Error(first.kind);
    const copied = JSON.parse(
      stage.account.states.describeExecution(first.executionArn).input ?? '{}',
    ) as object;
    await call('ADA', {
      execution: first.executionArn,
      group: '',
      act: { kind: 'stop', reason: 'make room' },
    });
    await stage.finish(first.executionArn);
    expect(copied).toHaveProperty('requestSeal');
    expect(await requesterOf(startByHand(copied))).toBe('not known; the input says');
  });

  it.each([
    [{}, 'not known'],
    [{ requestedBy: 'Ada' }, 'not known; the input says "Ada"'],
    [{ requestedBy: 'Ada', requestSeal: 'A'.repeat(43) }, 'not known; the input says "Ada"'],
  ])('is not known by %j', async (more, said) => {
    expect(await requesterOf(startByHand(more))).toBe(said);
  });
});

describe('a person with an identity', () => {
  it('stops a run that asks nobody, before the cut, and sees where it stands', async () => {
    const run = startByHand({ approval: { required: false } });
    await stage.until(run, 'Wait for green');
    expect(await standing(run)).toMatchObject({ phase: 'Build', state: 'Wait for green', ended: null });
    const stop = { execution: run, group: '', act: { kind: 'stop', reason: 'not today' } };
    expect(await call('ADA', stop)).toMatchObject({ kind: 'stopped', yours: true });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(await standing(run)).toMatchObject({ phase: 'Ended', ended: 'BlueGreen.StopRequested' });
    expect(await call('ADA', stop)).toMatchObject({ kind: 'stopped', yours: false });
  });

  it('sees which group a run waits for', async () => {
    const run = startByHand({});
    await stage.until(run, 'Wait for approval');
    expect(await standing(run)).toMatchObject({ phase: 'Hold', waitsFor: ['an answer of group approvers'] });
  });

  it.each([
    {
      execution: 'arn:aws:states:eu-west-1:111122223333:execution:other:run',
      group: '',
      act: { kind: 'stop', reason: 'not ours' },
    },
    { execution: '', group: '', act: { kind: 'request', input: [] } },
  ])('is refused with %j', async (body) => {
    expect(['void', 'refused']).toContain((await call('ADA', body)).kind);
  });
});
