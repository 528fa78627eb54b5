import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Invocation, type LambdaFault, LambdaService } from '../../services/lambda.ts';
import { serveLambda } from '../../services/lambda-service.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { handOver } from '../../wire/direct-client.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { AwsError } from '../../wire/service.ts';
import { account } from './clients.ts';

let time: VirtualClock;
let invocations: Invocation[];
let fault: LambdaFault | undefined;
let functions: LambdaService;

beforeEach(() => {
  time = new VirtualClock();
  invocations = [];
  fault = undefined;
  functions = new LambdaService({
    clock: time,
    onInvoke: (invocation) => invocations.push(invocation),
    intercept: () => fault,
  });
});

describe('a local function', () => {
  it('gets a copy of its payload as JSON and answers as JSON', async () => {
    const payload = { at: new Date(0), list: [1, undefined], gone: undefined };
    functions.register('echo', (event) => ({ event, gone: undefined }));
    expect(await functions.invoke('echo', payload)).toEqual({
      payload: { event: { at: '1970-01-01T00:00:00.000Z', list: [1, null] } },
    });
  });

  it('cannot change the payload of its caller', async () => {
    const payload = { list: [1] };
    functions.register('greedy', (event) => event.list.push(2));
    await functions.invoke('greedy', payload);
    expect(payload).toEqual({ list: [1] });
  });

  it('answers null when it returns nothing', async () => {
    functions.register('silent', () => undefined);
    expect(await functions.invoke('silent', {})).toEqual({ payload: null });
  });

  it.each([
    'check',
    'check:live',
    '123456789012:function:check',
    'arn:aws:lambda:eu-central-1:123456789012:function:check',
    'arn:aws:lambda:eu-central-1:123456789012:function:check:$LATEST',
  ])('is found as %s', async (name) => {
    functions.register('check', (_event, context) => context.functionName);
    expect(await functions.invoke(name, {})).toEqual({ payload: 'check' });
  });

  it('fails by the name of what it throws', async () => {
    functions.register('refuse', async () => {
      throw Object.assign(new Error('not yet'), { name: 'BlueGreen.Busy' });
    });
    expect(await functions.invoke('refuse', {})).toEqual({
      error: {
        errorType: 'BlueGreen.Busy',
        errorMessage: 'not yet',
        trace: expect.arrayContaining([expect.stringContaining('not yet')]),
      },
    });
  });

  it('fails when it throws what is no error, or returns what is no JSON', async () => {
    functions.register('throw-text', () => {
      throw 'text';
    });
    functions.register('return-loop', () => {
      const loop: { self?: unknown } = {};
      loop.self = loop;
      return loop;
    });
    expect(await functions.invoke('throw-text', {})).toEqual({
      error: { errorType: 'string', errorMessage: 'text', trace: [] },
    });
    expect(await functions.invoke('return-loop', {})).toMatchObject({ error: { errorType: 'TypeError' } });
  });

  it('cannot answer more than Lambda carries', async () => {
    functions.register('verbose', () => 'x'.repeat(7_000_000));
    expect(await functions.invoke('verbose', {})).toMatchObject({
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  it('knows how long it still has', async () => {
    const remaining: number[] = [];
    functions.register(
      'patient',
      async (_event, context) => {
        remaining.push(context.getRemainingTimeInMillis());
        await time.sleep(4000);
        remaining.push(context.getRemainingTimeInMillis());
      },
      { timeoutSeconds: 10 },
    );
    await time.run(functions.invoke('patient', {}));
    expect(remaining).toEqual([10_000, 6000]);
  });

  it('is ended at its timeout and heard as Sandbox.Timedout', async () => {
    functions.register('slow', () => time.sleep(60_000), { timeoutSeconds: 12 });
    expect(await time.run(functions.invoke('slow', {}))).toEqual({
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringContaining('Task timed out after 12.00 seconds'),
      },
    });
    const [invocation] = invocations;
    expect(invocation && invocation.endedAt - invocation.startedAt).toBe(12_000);
  });

  it('sends no AWS call any more once its timeout has ended it', async () => {
    const asked: string[] = [];
    const rds = {
      name: 'rds',
      operations: { DescribeDBInstances: () => ({ DBInstances: [], Marker: String(asked.push('call')) }) },
    };
    const { requestHandler } = createEndpoint({ services: [rds] });
    const client = new RDSClient({ ...account, requestHandler });
    functions.register('late', async () => {
      await client.send(new DescribeDBInstancesCommand({}));
      await time.sleep(5000);
      await client.send(new DescribeDBInstancesCommand({}));
    });
    const result = await time.run(functions.invoke('late', {}));
    expect(result).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
    await time.run(time.sleep(60_000));
    expect(asked).toHaveLength(1);
  });

  it.each([
    [0, []],
    [1, ['call 1']],
    [2, ['call 1', 'call 2']],
    [3, ['call 1', 'call 2']],
  ])('that crashes after %i calls has made these: %j', async (crashAfterCalls, made) => {
    const calls: string[] = [];
    const describeOne = () => ({ Marker: String(calls.push(`call ${calls.length + 1}`)) });
    const { requestHandler } = createEndpoint({
      services: [{ name: 'rds', operations: { DescribeDBInstances: describeOne } }],
    });
    const client = new RDSClient({ ...account, requestHandler });
    const heard: unknown[] = [];
    functions.register('fragile', async () => {
      heard.push((await client.send(new DescribeDBInstancesCommand({}))).Marker);
      heard.push((await client.send(new DescribeDBInstancesCommand({}))).Marker);
      return 'done';
    });
    fault = { crashAfterCalls };
    const result = await time.run(functions.invoke('fragile', {}));
    await time.run(time.sleep(60_000));
    const whole = crashAfterCalls > 2;
    expect(result).toMatchObject(whole ? { payload: 'done' } : { error: { errorType: 'Runtime.ExitError' } });
    expect(calls).toEqual(made);
    expect(heard).toHaveLength(whole ? 2 : Math.max(0, crashAfterCalls - 1));
  });

  it('that does not exist is refused by name', async () => {
    await expect(functions.invoke('nobody', {})).rejects.toMatchObject({
      name: 'Lambda.ResourceNotFoundException',
      message: expect.stringContaining(':function:nobody'),
    });
  });

  it('can be throttled before it runs, or lost after it ran', async () => {
    let runs = 0;
    functions.register('count', () => ++runs);
    fault = { refuse: new AwsError('Lambda.TooManyRequestsException', 'Rate exceeded', 429) };
    await expect(functions.invoke('count', {})).rejects.toMatchObject({
      name: 'Lambda.TooManyRequestsException',
    });
    expect(runs).toBe(0);
    const crash = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' };
    fault = { replaceResult: crash };
    expect(await functions.invoke('count', {})).toEqual({ error: crash });
    expect(runs).toBe(1);
  });
});

describe.each<[way: string, prepare: (client: LambdaClient) => void]>([
  ['on the wire', () => {}],
  ['that is handed over', handOver],
])('Invoke %s', (_way, prepare) => {
  const decode = (payload: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(payload));

  function createClient(): LambdaClient {
    const { requestHandler } = createEndpoint({ services: [serveLambda(functions)] });
    const client = new LambdaClient({ ...account, requestHandler, maxAttempts: 1 });
    prepare(client);
    return client;
  }

  it('answers with the payload', async () => {
    functions.register('double', (event) => event.n * 2);
    const answer = await createClient().send(
      new InvokeCommand({ FunctionName: functions.arnOf('double'), Payload: JSON.stringify({ n: 21 }) }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(decode(answer.Payload)).toBe(42);
  });

  it('passes a qualifier apart from the name', async () => {
    functions.register('double', (event) => event.n * 2);
    const command = new InvokeCommand({ FunctionName: 'double', Qualifier: 'live', Payload: '{"n":1}' });
    expect(decode((await createClient().send(command)).Payload)).toBe(2);
  });

  it('says Unhandled and how the function failed', async () => {
    functions.register('refuse', () => {
      throw Object.assign(new Error('lag 42 s'), { name: 'BlueGreen.TestFailed' });
    });
    const answer = await createClient().send(new InvokeCommand({ FunctionName: 'refuse' }));
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(decode(answer.Payload)).toMatchObject({
      errorType: 'BlueGreen.TestFailed',
      errorMessage: 'lag 42 s',
      trace: expect.any(Array),
    });
  });

  it('refuses an unknown function, a bad payload and too many calls as Lambda does', async () => {
    const client = createClient();
    await expect(client.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    });
    functions.register('some', () => 1);
    await expect(
      client.send(new InvokeCommand({ FunctionName: 'some', Payload: '{' })),
    ).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    fault = { refuse: new AwsError('Lambda.TooManyRequestsException', 'Rate exceeded', 429) };
    await expect(client.send(new InvokeCommand({ FunctionName: 'some' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
  });

  it('accepts an Event at once and tries a failing function three times', async () => {
    functions.register('wake', () => {
      throw new Error('always');
    });
    const command = new InvokeCommand({ FunctionName: 'wake', InvocationType: 'Event' });
    expect(await createClient().send(command)).toMatchObject({ StatusCode: 202 });
    await time.run(time.sleep(60 * 60_000));
    const [first, second, third] = invocations.map(({ startedAt }) => startedAt);
    expect(invocations).toHaveLength(3);
    expect([Number(second) - Number(first), Number(third) - Number(second)]).toEqual([60_000, 120_000]);
  });

  it('runs nothing for a DryRun', async () => {
    functions.register('wake', () => 1);
    const command = new InvokeCommand({ FunctionName: 'wake', InvocationType: 'DryRun' });
    expect(await createClient().send(command)).toMatchObject({ StatusCode: 204 });
    expect(invocations).toHaveLength(0);
  });
});
