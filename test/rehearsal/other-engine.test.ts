import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Started, start } from './command.ts';

const minute = 60_000;
const heard: { target: string; body: unknown }[] = [];
let engine: Server;
let served: Started;
let lambda: LambdaClient;

/** Stands for another Step Functions engine: notes which answers it gets, and takes them. */
beforeAll(async () => {
  engine = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    heard.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(text) });
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
  engine.listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const { port } = engine.address() as AddressInfo;
  served = await start('serve', ['--port', '0'], { AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${port}` });
  while (!served.output().includes('Another Step Functions engine') && served.child.exitCode === null)
    await pause(50);
  lambda = new LambdaClient({
    region: 'eu-west-1',
    endpoint: /ready (\S+)/.exec(served.output())?.[1] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}, minute);

afterAll(async () => {
  served.child.kill('SIGINT');
  await served.ended;
  engine.close();
});

/** Invokes as an engine does; the payload of an error is what Lambda would report. */
async function invoke(key: string, event: object) {
  const call = { FunctionName: `viridian-rehearsal-${key}`, Payload: JSON.stringify(event) };
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand(call));
  return { error: FunctionError, payload: JSON.parse(Payload?.transformToString() ?? 'null') };
}

const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:elsewhere:run';

it('gets the answer of a waiting state where AWS_ENDPOINT_URL_SFN leads', async () => {
  const window = { opensAt: '2020-01-01T00:00:00Z', closesAt: '2999-01-01T00:00:00Z' };
  const request = { switchover: { timeoutSeconds: 300 } };
  const event = {
    executionArn,
    state: 'Wait for window',
    kind: 'wait',
    token: 'of-the-other',
    request,
    window,
  };
  expect(await invoke('waitForWindow', event)).toEqual({ error: undefined, payload: { kind: 'ready' } });
  const answers = heard.filter(({ target }) => target === 'AWSStepFunctions.SendTaskSuccess');
  expect(answers.map(({ body }) => body)).toEqual([
    { taskToken: 'of-the-other', output: expect.stringContaining('2999') },
  ]);
});

it('gets errors by the names that the state machine catches', async () => {
  const { error, payload } = await invoke('validateRequest', { executionArn, input: { database: 'orders' } });
  expect(error).toBe('Unhandled');
  expect(payload.errorType).toBe('BlueGreen.RequestInvalid');
});
