import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { hour, StoppedRuns } from './stopped-run.ts';

let runs: StoppedRuns;
beforeEach(async () => {
  runs = await StoppedRuns.open();
});
afterEach(() => runs.close());

/** Resource id of whatever has a name now. */
const idOf = (name: string) =>
  runs.account.rds.world.instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === name)
    ?.DbiResourceId ?? 'nothing';

describe('a run that a person stopped', () => {
  it.each<[state: StateName, end: string]>([
    ['Wait for green', 'Stopped before switchover: blue serves production'],
    ['Check parity', 'Stopped before switchover: blue serves production'],
    ['Wait for replication to catch up', 'Stopped before switchover: blue serves production'],
    ['Wait for switchover', 'Outcome unknown: look before any retry'],
    ['Verify production', 'Green serves production, clean-up incomplete'],
    ['Bake', 'Green serves production, clean-up incomplete'],
    ['Wait for retention', 'Green serves production, clean-up incomplete'],
    ['Wait for deletion', 'Green serves production, clean-up incomplete'],
  ])('in "%s" is told of: %s', async (state, end) => {
    const execution = await runs.run(state);
    const [message, ...more] = await runs.tellOf(execution);
    expect(more).toEqual([]);
    expect(message?.split('\n')[0]).toContain(end.slice(0, 60));
    expect(message).toContain(execution);
    expect(message).toMatch(
      /BlueGreen.StopRequested: the execution\s+was\s+stopped\s+in\s+this\s+state: lunch/,
    );
  });

  it('before anything was created is told of: nothing was changed', async () => {
    runs.account.lambda.register('viridian-rehearsal-checkPreconditions', () => runs.clock.sleep(60_000), {
      timeoutSeconds: 110,
    });
    const [message] = await runs.tellOf(await runs.run('Check preconditions'));
    expect(message).toContain('Refused: nothing was changed');
  });

  it('names the database that takes writes, by resource id', async () => {
    const blue = idOf('orders');
    const [early] = await runs.tellOf(await runs.run('Wait for green'));
    expect(early).toContain(blue);
  });

  it('names new production after the cut, and old blue as what still costs money', async () => {
    const blue = idOf('orders');
    const [message] = await runs.tellOf(await runs.run('Bake'));
    const [, writes = '', costs = ''] =
      message?.split(/Where writes go now|What still runs and costs money/) ?? [];
    expect(idOf('orders')).not.toBe(blue);
    expect(writes).toContain(idOf('orders'));
    expect(costs).toContain(blue);
  });

  it('is told of with its green, also when it was stopped while it built it', async () => {
    const [message] = await runs.tellOf(await runs.run('Wait for green'));
    const [deployment] = runs.account.rds.world.deployments;
    expect(message).toContain(deployment?.id ?? 'no deployment');
  });

  it('says that writes may be held when a hook holds them', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-writes';
    runs.account.lambda.register('viridian-hook-writes', () => ({ verdict: 'pass', because: 'held' }));
    const hooks = { stopWrites: { arn }, resumeWrites: { arn } };
    const [held] = await runs.tellOf(await runs.run('Start switchover', { hooks }));
    expect(held).toContain('writes may still be held');
  });
});

describe('a run that told by itself', () => {
  it('is not told of again, neither at its end nor at the hourly look', async () => {
    const execution = await runs.run();
    expect(await runs.tellOf(execution)).toEqual([]);
    expect(await runs.lookLater(0)).toEqual([]);
  });

  it('is not told of when it was refused', async () => {
    expect(await runs.tellOf(await runs.run(undefined, { target: { engineVersion: '9.6' } }))).toEqual([]);
  });

  it('is told of when its announcement failed', async () => {
    runs.account.lambda.register('viridian-rehearsal-notify', () => {
      throw new Error('no topic');
    });
    const [message] = await runs.tellOf(await runs.run(undefined, { dryRun: true, database: 'nowhere' }));
    expect(message).toContain('Refused: nothing was changed');
  });
});

describe('the hourly look', () => {
  it('tells of a run whose end no event told', async () => {
    await runs.run('Bake');
    expect(await runs.lookLater(hour / 2)).toHaveLength(1);
    expect(await runs.lookLater(hour)).toEqual([]);
  });

  it('reminds once a day of a green that nobody needs', async () => {
    await runs.run('Wait for green');
    expect(await runs.lookLater(hour / 2)).toHaveLength(1);
    const told: number[] = [];
    for (let hours = 1; hours <= 49; hours += 1)
      if ((await runs.lookLater(hour)).length > 0) told.push(hours);
    expect(told).toEqual([24, 48]);
  });

  it('is silent while runs are open', async () => {
    const run = runs.run();
    await runs.clock.run(runs.clock.sleep(10 * 60_000));
    expect(await runs.lookLater(0)).toEqual([]);
    await run;
  });
});

describe('an event that is not ours', () => {
  it.each([
    ['nothing', undefined],
    ['another source', { source: 'aws.rds' }],
    [
      'another state machine',
      {
        source: 'aws.states',
        detail: { executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:payroll:run-1' },
      },
    ],
    ['no execution', { source: 'aws.states', detail: {} }],
  ])('says nothing: %s', async (_, event) => {
    const { handler } = await import('../../functions/events/reconcile.ts');
    expect(await handler(event)).toEqual({ reported: [] });
  });
});
