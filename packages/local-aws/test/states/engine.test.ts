import { describe, expect, it } from 'vitest';
import { StatesEngine } from '../../states/engine.ts';
import type { Json } from '../../states/json.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { Bench, task } from './harness.ts';

const day = 24 * 3_600_000;
const wait = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } };

describe('names of executions', () => {
  it('give the same execution for the same input while it runs', async () => {
    const clock = new VirtualClock(0);
    const bench = new Bench(clock);
    const first = bench.start(wait, { n: 1 });
    await clock.run(clock.sleep(1000));
    expect(bench.start(wait, { n: 1 })).toBe(first);
    expect(() => bench.start(wait, { n: 2 })).toThrow(
      expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
    );
  });

  it('are taken for 90 days after the end', async () => {
    const clock = new VirtualClock(0);
    const bench = new Bench(clock);
    const arn = bench.start(wait);
    await clock.run(bench.engine.settled(arn));
    expect(() => bench.start(wait)).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    await clock.run(clock.sleep(90 * day));
    bench.start(wait);
    expect(bench.engine.describeExecution(arn).status).toBe('RUNNING');
  });

  it.each(['', 'a b', 'a/b', 'a:b', 'a*', 'a$', 'x'.repeat(81), 'a\u0000'])('cannot be %j', (name) => {
    const bench = new Bench(new VirtualClock(0));
    expect(() => bench.start(wait, {}, name)).toThrow(expect.objectContaining({ name: 'InvalidName' }));
  });

  it.each(['run-1', 'a_b.c', 'x'.repeat(80), 'größe'])('can be %j', (name) => {
    const bench = new Bench(new VirtualClock(0));
    expect(bench.start(wait, {}, name)).toMatch(new RegExp(`:execution:machine:${name}$`));
  });
});

describe('inputs of executions', () => {
  it('must be JSON of at most 256 KiB', () => {
    const bench = new Bench(new VirtualClock(0));
    bench.start(wait);
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine';
    for (const input of ['{', JSON.stringify('x'.repeat(262_143))]) {
      expect(() => bench.engine.startExecution({ stateMachineArn, name: 'other', input })).toThrow(
        expect.objectContaining({ name: 'InvalidExecutionInput' }),
      );
    }
    const largest = JSON.stringify('x'.repeat(262_142));
    expect(bench.engine.startExecution({ stateMachineArn, name: 'other', input: largest })).toBeDefined();
  });
});

describe('revisions', () => {
  const answer = (text: string) => ({
    StartAt: 'Wait',
    States: { Wait: { ...wait.States.Wait, Output: text } },
  });

  it('are kept by the executions that began with them', async () => {
    const clock = new VirtualClock(0);
    const bench = new Bench(clock);
    const before = bench.start(answer('before'), {}, 'a');
    const after = bench.start(answer('after'), {}, 'b');
    const ends = await clock.run(Promise.all([before, after].map((arn) => bench.engine.settled(arn))));
    expect(ends.map(({ output }) => output)).toEqual(['"before"', '"after"']);
    expect(bench.engine.describeStateMachineForExecution(before).definition).toContain('before');
  });

  it('are started through the version to which an alias points', async () => {
    const clock = new VirtualClock(0);
    const bench = new Bench(clock);
    bench.start(answer('first'), {}, 'a');
    const machine = 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine';
    const version = bench.engine.machines.publishVersion(machine);
    const alias = bench.engine.machines.pointAlias('live', version);
    bench.start(answer('second'), {}, 'b');
    const { executionArn } = bench.engine.startExecution({ stateMachineArn: alias, name: 'c' });
    const end = await clock.run(bench.engine.settled(executionArn));
    expect(end).toMatchObject({
      output: '"first"',
      stateMachineArn: machine,
      stateMachineVersionArn: `${machine}:1`,
      stateMachineAliasArn: `${machine}:live`,
    });
    expect(() => bench.engine.startExecution({ stateMachineArn: `${machine}:other` })).toThrow(
      expect.objectContaining({ name: 'StateMachineDoesNotExist' }),
    );
  });
});

describe('integrations', () => {
  const define = (resource: string, given: Json) =>
    JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: `arn:aws:states:::${resource}`,
          Arguments: given,
          Output: '{% $states.result %}',
          End: true,
        },
      },
    });

  it('publish to SNS, a message that is an object as JSON text', async () => {
    const clock = new VirtualClock(0);
    const published: unknown[] = [];
    const engine = new StatesEngine({
      clock,
      invoke: async () => ({ payload: null }),
      publish: async (message) => {
        published.push(message);
        return { MessageId: 'm-1' };
      },
    });
    const definition = define('sns:publish', {
      TopicArn: 'arn:topic',
      Message: { n: '{% 1 + 1 %}' },
      Subject: 'So',
    });
    const { stateMachineArn } = engine.registerStateMachine({ name: 'machine', definition });
    const end = await clock.run(engine.settled(engine.startExecution({ stateMachineArn }).executionArn));
    expect(published).toEqual([{ TopicArn: 'arn:topic', Message: '{"n":2}', Subject: 'So' }]);
    expect(JSON.parse(end.output ?? '')).toMatchObject({ MessageId: 'm-1' });
  });

  it('start an execution and go on without it', async () => {
    const clock = new VirtualClock(0);
    const bench = new Bench(clock);
    const { engine } = bench;
    const child = engine.registerStateMachine({
      name: 'child',
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...wait }),
    });
    const definition = define('states:startExecution', {
      StateMachineArn: child.stateMachineArn,
      Name: 'c',
      Input: { n: 1 },
    });
    const { stateMachineArn } = engine.registerStateMachine({ name: 'parent', definition });
    const parent = await clock.run(
      engine.settled(engine.startExecution({ stateMachineArn, name: 'a' }).executionArn),
    );
    const { ExecutionArn } = JSON.parse(parent.output ?? '');
    expect(engine.describeExecution(ExecutionArn)).toMatchObject({
      status: 'RUNNING',
      name: 'c',
      input: '{"n":1}',
    });
    expect(await clock.run(engine.settled(ExecutionArn))).toMatchObject({ status: 'SUCCEEDED' });
    const again = await clock.run(
      engine.settled(engine.startExecution({ stateMachineArn, name: 'b' }).executionArn),
    );
    expect(again.error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  });
});

it('gives the same run for the same random numbers, whatever the number of runs', async () => {
  const play = async () => {
    let seed = 1;
    const clock = new VirtualClock(0);
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const bench = new Bench(
      clock,
      { work: [{ error: 'Busy' }, { error: 'Busy' }, { payload: 1, after: 3 }] },
      random,
    );
    const retry = {
      Retry: [{ ErrorEquals: ['Busy'], JitterStrategy: 'FULL', IntervalSeconds: 30 }],
      End: true,
    };
    const branch = (name: string) => ({ StartAt: name, States: { [name]: task('work', retry) } });
    const states = { Both: { Type: 'Parallel', Branches: ['A', 'B', 'C'].map(branch), End: true } };
    const arn = bench.start({ StartAt: 'Both', States: states });
    await clock.run(bench.engine.settled(arn));
    return bench.history(arn);
  };
  const first = await play();
  for (let run = 0; run < 50; run += 1) expect(await play()).toEqual(first);
});
