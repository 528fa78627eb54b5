import { expect, test } from 'vitest';
import { Busy, TestFailed } from '../../functions/domain/model/errors.ts';
import { notYet } from '../../functions/domain/model/not-yet.ts';
import { task } from '../../functions/tasks/task.ts';
import { awsError, executionArn, lostAnswer } from './fake-rds.ts';
import { quietly } from './quiet.ts';

const quiet = quietly();

test('gives the result and reports who did it, how long it took, and no payload', async () => {
  const handler = task('Check parity', async ({ secret }: { executionArn: string; secret: string }) => {
    quiet.now += 40;
    return secret.length;
  });

  expect(await handler({ executionArn, secret: 'hush', ...{ deployment: { id: 'bgd-1' } } })).toBe(4);

  const who = { state: 'Check parity', execution: 'run-1', deployment: 'bgd-1' };
  expect(quiet.lines).toEqual([
    { event: 'task.started', ...who },
    { event: 'task.finished', ...who, took: 40 },
  ]);
});

test('a function that is only started does nothing and reports nothing', async () => {
  let worked = false;
  const handler = task('Check parity', async () => {
    worked = true;
  });

  expect(await handler({ executionArn, warm: true })).toEqual({ warm: true });

  expect({ worked, lines: quiet.lines }).toEqual({ worked: false, lines: [] });
});

test.each([
  ['ours passes', new TestFailed('lag'), 'BlueGreen.TestFailed', 'lag'],
  ['a throttled call', awsError('Throttling'), 'BlueGreen.Throttled', 'Throttling'],
  ['a lost answer', lostAnswer(), 'BlueGreen.Busy', 'socket hang up'],
  ['a fault of our own', new TypeError('x is not a function'), 'BlueGreen.UnexpectedState', 'TypeError'],
])('%s', async (_, thrown, name, text) => {
  const handler = task('Check parity', async () => Promise.reject(thrown));

  const error: Error = await handler({ executionArn }).then(
    () => new Error('it passed'),
    (refused: Error) => refused,
  );

  expect(error.name).toBe(name);
  expect(error.message).toContain(text);
  const failed = { event: 'task.failed', error: name, execution: 'run-1' };
  expect(quiet.lines).toContainEqual(expect.objectContaining(failed));
});

test('an error that is ours is the very same one', async () => {
  const busy = new Busy(notYet('later', null));
  const handler = task('Check parity', async () => Promise.reject(busy));

  await expect(handler({ executionArn })).rejects.toBe(busy);
});

test.each([[undefined], [null], [{}], [{ executionArn: 7 }], ['text']])(
  'input %j is not from the state machine',
  async (input) => {
    const handler = task('Check parity', async () => 'done');

    await expect(handler(input as never)).rejects.toMatchObject({ name: 'BlueGreen.UnexpectedState' });
  },
);

test('a result that Step Functions cannot carry is an error that it can catch', async () => {
  const handler = task('Check parity', async () => 'é'.repeat(131_072));

  await expect(handler({ executionArn })).rejects.toMatchObject({ name: 'BlueGreen.UnexpectedState' });
});

test('two invocations at once report their own times', async () => {
  const handler = task(
    'Check parity',
    async ({ wait }: { executionArn: string; wait: Promise<void> }) => wait,
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = handler({ executionArn, wait: promise });
  quiet.now += 100;
  await handler({ executionArn, wait: Promise.resolve() });
  resolve();
  await first;

  expect(quiet.lines.map(({ took }) => took)).toEqual([undefined, undefined, 0, 100]);
});
