import { expect, it } from 'vitest';
import { VirtualClock } from '../../virtual-clock.ts';
import { Bench, lambdaWithToken } from './harness.ts';

const waiting = {
  StartAt: 'Wait for answer',
  States: {
    'Wait for answer': {
      Type: 'Task',
      Resource: lambdaWithToken,
      TimeoutSeconds: 100,
      HeartbeatSeconds: 30,
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 10 }],
      End: true,
    },
  },
};

/** Runs `act` in the midst of a waiting task, at `seconds` after its start. */
async function whileWaiting<T>(seconds: number, act: (bench: Bench, arn: string) => T) {
  const clock = new VirtualClock(0);
  const bench = new Bench(clock);
  return clock.run(async () => {
    const arn = bench.start(waiting);
    await clock.sleep(seconds * 1000);
    const value = await act(bench, arn);
    return { value, arn, bench, end: await bench.engine.settled(arn), clock };
  });
}

it('ends the task with the output that is sent', async () => {
  const { end, bench, arn } = await whileWaiting(5, (own, at) =>
    own.engine.sendTaskSuccess(own.token(at), '{"yes":1}'),
  );
  expect(end).toMatchObject({ status: 'SUCCEEDED', output: '{"yes":1}' });
  expect(bench.types(arn)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

it('fails the task with the error and the cause that are sent', async () => {
  const { end } = await whileWaiting(5, (bench, arn) =>
    bench.engine.sendTaskFailure(bench.token(arn), 'Denied', 'by me'),
  );
  expect(end).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'by me' });
});

it('takes one answer only', async () => {
  await whileWaiting(5, (bench, arn) => {
    const token = bench.token(arn);
    bench.engine.sendTaskSuccess(token, '1');
    for (const second of [
      () => bench.engine.sendTaskSuccess(token, '2'),
      () => bench.engine.sendTaskFailure(token, 'Late'),
      () => bench.engine.sendTaskHeartbeat(token),
    ]) {
      expect(second).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }));
    }
  });
});

it('takes no answer after the timeout', async () => {
  const { bench, arn, end } = await whileWaiting(5, () => undefined);
  expect(end).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(() => bench.engine.sendTaskSuccess(bench.token(arn), '1')).toThrow(
    expect.objectContaining({ name: 'TaskTimedOut' }),
  );
});

it('takes no answer after the execution was stopped', async () => {
  const { bench, arn } = await whileWaiting(5, (own, at) => own.engine.stopExecution(at));
  expect(() => bench.engine.sendTaskSuccess(bench.token(arn), '1')).toThrow(
    expect.objectContaining({ name: 'TaskTimedOut' }),
  );
});

it('tells a token that is none from one that nobody waits with', async () => {
  const other = await whileWaiting(5, (bench, arn) => bench.token(arn));
  const { engine } = new Bench(new VirtualClock());
  const altered = `${other.value.startsWith('A') ? 'B' : 'A'}${other.value.slice(1)}`;
  for (const text of ['', 'nonsense', altered]) {
    expect(() => engine.sendTaskSuccess(text, '1')).toThrow(
      expect.objectContaining({ name: 'InvalidToken' }),
    );
  }
  expect(() => engine.sendTaskSuccess(other.value, '1')).toThrow(
    expect.objectContaining({ name: 'TaskDoesNotExist' }),
  );
});

it('refuses output that is not JSON and leaves the token open', async () => {
  const { end } = await whileWaiting(5, (bench, arn) => {
    const token = bench.token(arn);
    expect(() => bench.engine.sendTaskSuccess(token, '{')).toThrow(
      expect.objectContaining({ name: 'InvalidOutput' }),
    );
    bench.engine.sendTaskSuccess(token, '"second"');
  });
  expect(end.output).toBe('"second"');
});

it('lives on by heartbeats, but not beyond the timeout', async () => {
  const { end, clock } = await whileWaiting(0, async (bench, arn) => {
    await bench.clock.sleep(1000);
    const token = bench.token(arn);
    for (let beat = 0; beat < 4; beat += 1) {
      await bench.clock.sleep(20_000);
      bench.engine.sendTaskHeartbeat(token);
    }
  });
  expect(end).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(clock.now()).toBe(100_000);
});

it('gives every attempt a token of its own', async () => {
  const { end } = await whileWaiting(5, async (bench, arn) => {
    const first = bench.token(arn);
    bench.engine.sendTaskFailure(first, 'Again');
    await bench.clock.sleep(11_000);
    const second = bench.token(arn);
    expect(second).not.toBe(first);
    expect(() => bench.engine.sendTaskSuccess(first, '1')).toThrow(
      expect.objectContaining({ name: 'TaskTimedOut' }),
    );
    bench.engine.sendTaskSuccess(second, '2');
  });
  expect(end.output).toBe('2');
});

it('can be answered from inside the function that got it', async () => {
  const clock = new VirtualClock(0);
  const bench = new Bench(clock, { ask: [{ payload: 'returned later', after: 5 }] });
  const end = await clock.run(async () => {
    const arn = bench.start(waiting);
    await clock.sleep(1000);
    bench.engine.sendTaskSuccess(bench.token(arn), '"from inside"');
    const description = await bench.engine.settled(arn);
    await clock.sleep(60_000);
    expect(bench.types(arn)).not.toContain('TaskSubmitted');
    return description;
  });
  expect(end.output).toBe('"from inside"');
});
