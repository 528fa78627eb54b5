import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drawRun } from '../../commands/draw-run.ts';
import { readLagCurve } from '../../functions/aws/cloudwatch/lag.ts';
import { readPartOfHistory } from '../../functions/aws/step-functions/part-of-history.ts';
import { readRunFacts } from '../../functions/aws/step-functions/run-facts.ts';
import { spanOfLag } from '../../functions/domain/run/lag-curve.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import type { Answer } from '../approval/visitor.ts';
import { Stage } from '../way-back/stage.ts';
import { nameOf, Reader } from './play.ts';

let stage: Stage;
let reader: Reader;
let run: string;
const calls: string[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  reader = new Reader(stage);
  run = stage.start({}, { approval: { withinHours: 24, groups: [{ name: 'dba' }] }, ticket: '<b>CHG</b>' });
  await stage.until(run, 'Wait for approval');
  await stage.clock.run(stage.clock.sleep(600_000));
});
afterAll(() => stage.close());
beforeEach(() => {
  calls.length = 0;
  stage.refuse = (operation) => {
    calls.push(operation);
    return undefined;
  };
});

const failing = (wanted: string, code: string, status = 400) => {
  stage.refuse = (operation) =>
    operation === wanted ? { before: { refuse: new AwsError(code, 'not now', status) } } : undefined;
};

/** As the gateway hands on a request that nobody has signed, or with another method. */
const invoke = async (event: object): Promise<Answer> => {
  const result = await stage.clock.run(stage.account.lambda.invoke('viridian-rehearsal-runPages', event));
  if (!('payload' in result)) throw new Error(JSON.stringify(result.error));
  const { statusCode, headers, body } = result.payload as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  return { status: statusCode, headers, text: body };
};
const signedIn = { authorizer: { jwt: { claims: { iss: 'https://people' } } } };
const get = { http: { method: 'GET' } };

describe('the page of a run', () => {
  it('is for people whom the API has let through, by IAM or by a token', async () => {
    const pathParameters = { name: nameOf(run) };
    const answer = await invoke({ requestContext: get, pathParameters });
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('orders');
    expect(calls).toEqual([]);
    expect((await invoke({ requestContext: { ...get, ...signedIn }, pathParameters })).status).toBe(200);
    for (const odd of [null, 'x', {}, { requestContext: { authorizer: 'iam' } }])
      expect((await invoke(odd as object)).status).toBe(403);
  });

  it('answers no other method', async () => {
    const event = {
      requestContext: { ...signedIn, http: { method: 'POST' } },
      pathParameters: { name: nameOf(run) },
    };
    expect(await invoke(event)).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  it('only reads, and reads little', async () => {
    const before = stage.account.functionCalls.length;
    expect((await reader.readRun(run)).status).toBe(200);
    expect(new Set(calls)).toEqual(new Set(['DescribeExecution', 'GetExecutionHistory', 'GetMetricData']));
    expect(calls.length).toBeLessThanOrEqual(5);
    expect(stage.account.functionCalls.length).toBe(before);
  });

  it('holds no token, seal or link, and loads nothing', async () => {
    const { text, headers } = await reader.readRun(run);
    const history = JSON.stringify(stage.account.states.getExecutionHistory(run));
    const secrets = [...history.matchAll(/(?:token|taskToken|seal)\\*":\\*"([^"\\]{20,})/g)].map(
      ([, one]) => one as string,
    );
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/<script|src=|url\(|\?[A-Za-z0-9_-]{40}/);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', refresh: '30' });
  });

  it('stands still where that is asked for', async () => {
    const { text, headers } = await reader.read(`/runs/${nameOf(run)}`, 'still=yes');
    expect(headers.refresh).toBeUndefined();
    expect(text).toContain('Let it refresh itself');
  });

  it.each([
    ['unknown', 'of-somebody-else'],
    ['of a foreign machine', 'arn:aws:states:eu-west-1:111122223333:execution:other:run'],
    [
      'of a foreign account',
      'arn:aws:states:eu-west-1:999999999999:execution:viridian-rehearsal-blue-green-deployment:x',
    ],
    ['no name', '<script>alert(1)</script>'],
    ['not decodable', '%E0%A4%A'],
  ])('of a run that is %s is one calm page', async (_, name) => {
    const { status, text } = await reader.read(
      `/runs/${name.startsWith('%') ? name : encodeURIComponent(name)}`,
    );
    expect(status).toBe(404);
    expect(text).toContain('No such run');
    expect(text).not.toContain('alert(1)');
  });

  it('is found by the whole ARN, too', async () => {
    expect((await reader.read(`/runs/${encodeURIComponent(run)}`)).text).toContain('orders: Hold');
  });

  it('says where the history was deleted meanwhile', async () => {
    failing('GetExecutionHistory', 'ExecutionDoesNotExist');
    expect((await reader.readRun(run)).status).toBe(404);
  });

  it.each([
    ['GetExecutionHistory', 'ThrottlingException', 400, 'Try again in a moment', '10'],
    ['DescribeExecution', 'InternalFailure', 500, 'Try again in a moment', '10'],
    ['DescribeExecution', 'AccessDeniedException', 400, 'This could not be read', undefined],
  ])('asks to come again when %s answers %s', async (operation, code, status, words, refresh) => {
    failing(operation, code, status);
    const answer = await reader.readRun(run);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(answer.text).toContain(words);
    expect(answer.headers.refresh).toBe(refresh);
  });

  it('says so where the lag alone cannot be read', async () => {
    failing('GetMetricData', 'AccessDenied', 403);
    const { status, text } = await reader.readRun(run);
    expect(status).toBe(200);
    expect(text).toContain('The lag could not be read from CloudWatch');
  });

  it('shows texts of others as texts', async () => {
    const hostile = '<img src=x onerror=alert(1)>&"\u202e';
    const { executionArn } = stage.account.states.startExecution({
      stateMachineArn: stage.account.stateMachineArn,
      input: JSON.stringify({ database: hostile, target: {} }),
    });
    await stage.clock.run(stage.account.states.settled(executionArn));
    const { status, text, headers } = await reader.readRun(executionArn);
    expect(status).toBe(200);
    expect(text).toContain('Refused: nothing was changed');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u202e');
    expect(headers.refresh).toBeUndefined();
  });
});

describe('the list of runs', () => {
  it('names the open ones first, with their phase, and ended ones page by page', async () => {
    for (let count = 0; count < 22; count += 1)
      stage.account.states.startExecution({
        stateMachineArn: stage.account.stateMachineArn,
        name: `refused-${count}`,
        input: '{}',
      });
    await stage.clock.run(stage.clock.sleep(600_000));
    const first = await reader.read('/runs');
    expect(first.status).toBe(200);
    const order = [nameOf(run), 'Ended runs', 'refused-21'].map((text) => first.text.indexOf(text));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(first.text).toMatch(/Hold<br>/);
    const [, query = ''] = /href="\/runs\?([^"]*after=[^"]*)"/.exec(first.text) ?? [];
    const second = await reader.read('/runs', query.replaceAll('&amp;', '&'));
    expect(second.text).toContain('refused-0<');
    expect(second.text).not.toContain('refused-21<');
    expect(second.text).toContain('First page, with the open runs');
    expect(second.headers.refresh).toBeUndefined();
  });

  it('names the executions that went back', async () => {
    expect((await reader.read('/runs', 'of=going-back')).text).toContain('Executions that went back');
  });

  it.each(['nonsense', 'x'.repeat(2_000)])('says where a page is over: %#', async (after) => {
    const { status, text } = await reader.read('/runs', `after=${after}`);
    expect([status, text.includes('This page of the list is over')]).toEqual([400, true]);
  });
});

describe('in a terminal', () => {
  it('the same is drawn at 80 columns, but for commands', async () => {
    const facts = await stage.clock.run(readRunFacts(run));
    if (!facts) throw new Error('the run is not known');
    const now = stage.clock.now();
    const span = spanOfLag(facts, now);
    const lines = drawRun(facts, span && (await stage.clock.run(readLagCurve(span))), 'https://api', now);
    expect(lines.filter((line) => line.length > 80 && !/^ {2}npm run /.test(line))).toEqual([]);
    const text = lines.join('\n');
    for (const part of [
      'orders: Hold',
      'waits for an answer of group dba',
      'dba: asked',
      'lag       newest',
      'Wait for green',
    ])
      expect(text).toContain(part);
  });
});

describe('a long history', () => {
  const sizes = { calls: { newest: 2, oldest: 1 }, size: 10 };

  it('is read from both ends, and the gap is known', async () => {
    const all = stage.account.states.getExecutionHistory(run);
    const { events, leftOut } = await stage.clock.run(readPartOfHistory(run, sizes));
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...all.slice(0, 10), ...all.slice(-20)].map(({ id }) => id));
    expect(leftOut).toBe(all.length - 30);
    expect(calls.filter((call) => call === 'GetExecutionHistory').length).toBe(3);
  });

  it('that is short is read once', async () => {
    const all = stage.account.states.getExecutionHistory(run);
    const whole = await stage.clock.run(readPartOfHistory(run));
    expect([whole.events.length, whole.leftOut]).toEqual([all.length, 0]);
  });
});
