import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { Busy, ProvisioningFailed } from '../../functions/domain/model/errors.ts';
import { notYet } from '../../functions/domain/model/not-yet.ts';
import { type Look, wait } from '../../functions/tasks/wait.ts';
import { awsError, executionArn } from './fake-rds.ts';
import { quietly } from './quiet.ts';

const quiet = quietly();
const states = mockClient(SFNClient);
beforeEach(() => states.reset());

const event = {
  executionArn,
  state: 'Wait for green',
  kind: 'wait',
  group: null,
  token: 'secret-token',
} as const;
const looking = (look: () => Promise<Look<unknown>>) => wait('Wait for green', look)(event);

test('ready answers the token with the facts', async () => {
  states.on(SendTaskSuccessCommand).resolves({});

  expect(await looking(async () => ({ kind: 'ready', facts: { id: 'bgd-1' } }))).toEqual({ kind: 'ready' });

  const [call] = states.commandCalls(SendTaskSuccessCommand);
  expect(call?.args[0].input).toEqual({ taskToken: 'secret-token', output: '{"id":"bgd-1"}' });
});

test('not yet leaves the token open and says why', async () => {
  const answer = await looking(async () => ({ kind: 'not-yet', because: 'green is upgrading' }));

  expect(answer).toEqual({ kind: 'not-yet', because: 'green is upgrading' });
  expect(states.calls()).toHaveLength(0);
});

test.each(['TaskTimedOut', 'TaskDoesNotExist'])(
  'a token that is closed already (%s) is normal',
  async (name) => {
    states.on(SendTaskSuccessCommand).rejects(awsError(name));

    expect(await looking(async () => ({ kind: 'ready', facts: null }))).toEqual({ kind: 'ready' });

    expect(quiet.lines.map(({ event }) => event)).toContain('wait.answer-came-too-late');
  },
);

test.each([
  ['Busy', new Busy(notYet('later', null))],
  ['a throttled call', awsError('ThrottlingException')],
])('%s while looking is not yet', async (_, thrown) => {
  expect(await looking(() => Promise.reject(thrown))).toMatchObject({ kind: 'not-yet' });

  expect(states.calls()).toHaveLength(0);
});

test('a no is thrown by its name', async () => {
  const no = new ProvisioningFailed('INVALID_CONFIGURATION');

  await expect(looking(() => Promise.reject(no))).rejects.toBe(no);
});

test('a missing permission ends the wait and names what is missing', async () => {
  const denied = awsError('AccessDenied', 403, 'not authorized to perform: rds:DescribeDBInstances');

  await expect(looking(() => Promise.reject(denied))).rejects.toMatchObject({
    name: 'BlueGreen.UnexpectedState',
    message: expect.stringContaining('rds:DescribeDBInstances'),
  });
});

test('the token is never logged', async () => {
  states.on(SendTaskSuccessCommand).resolves({});
  await looking(async () => ({ kind: 'ready', facts: null }));

  expect(JSON.stringify(quiet.lines)).not.toContain('secret-token');
});
