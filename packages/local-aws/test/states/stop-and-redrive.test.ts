import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../virtual-clock.ts';
import { Bench, task } from './harness.ts';

const day = 24 * 3_600_000;

async function inVirtualTime<T>(
  functions: ConstructorParameters<typeof Bench>[1],
  work: (bench: Bench) => Promise<T>,
) {
  const clock = new VirtualClock(0);
  const bench = new Bench(clock, functions);
  return clock.run(() => work(bench));
}

describe('stop', () => {
  it('leaves the running state at once, with the given error and cause', async () => {
    await inVirtualTime({ slow: [{ payload: 1, after: 60 }] }, async (bench) => {
      const arn = bench.start({ StartAt: 'Slow', States: { Slow: task('slow') } });
      await bench.clock.sleep(5000);
      const { stopDate } = await bench.engine.stopExecution(arn, 'Stopped', 'by hand');
      expect(stopDate.getTime()).toBe(5000);
      expect(bench.engine.describeExecution(arn)).toMatchObject({
        status: 'ABORTED',
        error: 'Stopped',
        cause: 'by hand',
      });
      await bench.clock.sleep(120_000);
      expect(bench.types(arn).slice(-2)).toEqual(['TaskStateAborted', 'ExecutionAborted']);
    });
  });

  it('calls off every branch', async () => {
    await inVirtualTime({}, async (bench) => {
      const wait = (name: string) => ({
        StartAt: name,
        States: { [name]: { Type: 'Wait', Seconds: 60, End: true } },
      });
      const states = { Both: { Type: 'Parallel', Branches: [wait('A'), wait('B')], End: true } };
      const arn = bench.start({ StartAt: 'Both', States: states });
      await bench.clock.sleep(5000);
      await bench.engine.stopExecution(arn);
      expect(bench.types(arn).slice(-4)).toEqual([
        'WaitStateAborted',
        'WaitStateAborted',
        'ParallelStateAborted',
        'ExecutionAborted',
      ]);
    });
  });

  it('has no effect on an execution that is closed', async () => {
    await inVirtualTime({}, async (bench) => {
      const arn = bench.start({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
      await bench.engine.settled(arn);
      await bench.engine.stopExecution(arn);
      expect(bench.engine.describeExecution(arn).status).toBe('SUCCEEDED');
    });
  });
});

describe('redrive', () => {
  const twoSteps = {
    StartAt: 'First',
    States: {
      First: task('first', { Assign: { kept: '{% $states.result.Payload %}' }, Next: 'Second' }),
      Second: task('second', {
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
        Output: { kept: '{% $kept %}', redriven: '{% $states.context.Execution.RedriveCount %}' },
        End: true,
      }),
    },
  };

  it('goes on from the failed state, with its input, its variables and new counts', async () => {
    const functions = {
      first: [{ payload: 'once' }],
      second: [...Array(3).fill({ error: 'Busy' }), { payload: null }],
    };
    await inVirtualTime(functions, async (bench) => {
      const arn = bench.start(twoSteps);
      expect(await bench.engine.settled(arn)).toMatchObject({
        status: 'FAILED',
        redriveStatus: 'REDRIVABLE',
      });
      bench.engine.redriveExecution(arn);
      const end = await bench.engine.settled(arn);
      expect(end).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveStatus: 'NOT_REDRIVABLE' });
      expect(JSON.parse(end.output ?? '')).toEqual({ kept: 'once', redriven: 1 });
      expect(bench.invocations.map(({ name }) => name)).toEqual(['first', ...Array(4).fill('second')]);
      const types = bench.types(arn);
      expect(types.slice(types.indexOf('ExecutionFailed'), types.indexOf('ExecutionFailed') + 3)).toEqual([
        'ExecutionFailed',
        'ExecutionRedriven',
        'TaskScheduled',
      ]);
    });
  });

  it('runs again only the iterations that did not succeed', async () => {
    const functions = { work: [{ payload: 'a' }, { error: 'Gone' }, { payload: 'b' }, { payload: 'c' }] };
    await inVirtualTime(functions, async (bench) => {
      const arn = bench.start({
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: [1, 2, 3],
            MaxConcurrency: 1,
            ItemProcessor: {
              StartAt: 'Work',
              States: { Work: task('work', { Output: '{% $states.result.Payload %}', End: true }) },
            },
            End: true,
          },
        },
      });
      await bench.engine.settled(arn);
      bench.engine.redriveExecution(arn);
      expect((await bench.engine.settled(arn)).output).toBe('["a","b","c"]');
    });
  });

  it('goes on in every branch that was stopped', async () => {
    await inVirtualTime({}, async (bench) => {
      const wait = (name: string, Seconds: number) => ({
        StartAt: name,
        States: { [name]: { Type: 'Wait', Seconds, Output: name, End: true } },
      });
      const states = {
        Both: { Type: 'Parallel', Branches: [wait('Short', 5), wait('Long', 60)], End: true },
      };
      const arn = bench.start({ StartAt: 'Both', States: states });
      await bench.clock.sleep(10_000);
      await bench.engine.stopExecution(arn);
      bench.engine.redriveExecution(arn);
      expect((await bench.engine.settled(arn)).output).toBe('["Short","Long"]');
      expect(bench.clock.now()).toBe(70_000);
      expect(bench.types(arn).filter((type) => type === 'ParallelStateStarted')).toHaveLength(1);
    });
  });

  it('begins the time limit of the execution anew', async () => {
    await inVirtualTime(
      {
        slow: [
          { payload: 1, after: 40 },
          { payload: 2, after: 20 },
        ],
      },
      async (bench) => {
        const arn = bench.start({ StartAt: 'Slow', TimeoutSeconds: 30, States: { Slow: task('slow') } });
        expect(await bench.engine.settled(arn)).toMatchObject({ status: 'TIMED_OUT' });
        bench.engine.redriveExecution(arn);
        expect(await bench.engine.settled(arn)).toMatchObject({ status: 'SUCCEEDED' });
        expect(bench.clock.now()).toBe(50_000);
      },
    );
  });

  it('fails again at a Fail state', async () => {
    await inVirtualTime({}, async (bench) => {
      const arn = bench.start({ StartAt: 'Stop', States: { Stop: { Type: 'Fail', Error: 'Own.Error' } } });
      await bench.engine.settled(arn);
      bench.engine.redriveExecution(arn);
      expect(await bench.engine.settled(arn)).toMatchObject({ status: 'FAILED', error: 'Own.Error' });
      expect(bench.types(arn).slice(-3)).toEqual([
        'ExecutionRedriven',
        'FailStateEntered',
        'ExecutionFailed',
      ]);
    });
  });

  it('is refused while the execution runs, when it has succeeded, and after 14 days', async () => {
    await inVirtualTime({}, async (bench) => {
      const refused = expect.objectContaining({ name: 'ExecutionNotRedrivable' });
      const wait = { Type: 'Wait', Seconds: 5, End: true };
      const running = bench.start({ StartAt: 'Wait', States: { Wait: wait } });
      expect(() => bench.engine.redriveExecution(running)).toThrow(refused);
      await bench.engine.settled(running);
      expect(() => bench.engine.redriveExecution(running)).toThrow(refused);
      const failed = bench.start({ StartAt: 'Stop', States: { Stop: { Type: 'Fail' } } }, {}, 'failed');
      await bench.engine.settled(failed);
      await bench.clock.sleep(14 * day + 1);
      expect(() => bench.engine.redriveExecution(failed)).toThrow(refused);
    });
  });
});
