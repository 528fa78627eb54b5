import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { handler } from '../../functions/events/reconcile.ts';
import type { StandingOfRun } from '../../functions/events/what-stands.ts';
import { Stage } from '../way-back/stage.ts';

const hour = 3_600_000;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** A run that a person stops in the console in a state. */
async function stopIn(state: StateName): Promise<string> {
  const run = stage.start();
  await stage.until(run, state);
  await stage.clock.run(stage.account.states.stopExecution(run, undefined, 'lunch') as never);
  // RDS ends what it has begun.
  await stage.clock.run(stage.clock.sleep(60_000));
  return run;
}

/** What reconcile tells because of an event. */
async function tell(event: object): Promise<{ subject: string; message: string }[]> {
  const { messages } = stage.account.sns;
  const before = messages.length;
  await stage.clock.run(stage.clock.during('reconcile', () => handler(event)));
  return messages.slice(before).map(({ subject = '', message }) => ({ subject, message }));
}
const ended = (executionArn: string) => tell({ source: 'aws.states', detail: { executionArn } });

/** The next hourly look. */
async function hourly() {
  await stage.clock.run(stage.clock.sleep(hour));
  return tell({ source: 'aws.events', time: new Date(stage.clock.now()).toISOString() });
}

async function whatStands(): Promise<StandingOfRun[]> {
  const answer = await stage.clock.run(
    stage.clock.during('reconcile', () =>
      handler({ source: 'viridian.what-stands', detail: { database: 'orders' } }),
    ),
  );
  return (answer as { runs: StandingOfRun[] }).runs;
}

const lettingGo = "SELECT viridian.hold_role('app', false);";

describe('a run that was stopped in the cut', () => {
  it('while roles are held: says so at once, every hour, and no more once they are free', async () => {
    const run = await stopIn('Start switchover');
    const [end, ...more] = await ended(run);
    expect(more).toEqual([]);
    expect(end?.message.split('\n')).toContain(`    ${lettingGo}`);
    expect(end?.message).toMatch(/Where writes go now\n {2}- (WRITES ARE HELD|NOT PROVED)/);
    expect(end?.message.replace(/\s+/g, ' ')).toContain('WRITES ARE HELD on new production orders (db-');
    for (const _ of [1, 2, 3]) {
      const told = await hourly();
      expect(told.map(({ subject }) => subject)).toEqual(['[PAGE] Still there on orders: held roles']);
      expect(told[0]?.message.split('\n')).toContain(`    ${lettingGo}`);
    }
    stage.databases.held.clear();
    expect(await hourly()).toEqual([]);
  });

  it('is not told of every hour while somebody has taken it up again', async () => {
    const run = await stopIn('Find production side');
    await ended(run);
    expect(await hourly()).toHaveLength(1);
    stage.account.states.redriveExecution(run);
    await stage.until(run, 'Bake');
    expect(await tell({ source: 'aws.events', time: new Date(stage.clock.now()).toISOString() })).toEqual([]);
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(await hourly()).toEqual([]);
  });
});

describe('a run that was stopped in the bake', () => {
  it('names the slot that fills the disk of production until it is gone', async () => {
    const run = await stopIn('Bake');
    const [end] = await ended(run);
    expect(end?.message.split('\n')).toEqual(
      expect.arrayContaining([
        "    SELECT viridian.drop_slot('viridian_way_back_shop');",
        '    SELECT viridian.unsubscribe();',
        '    SELECT viridian.unpublish();',
      ]),
    );
    expect(end?.message).not.toContain('WRITES ARE HELD');
    expect((await hourly()).map(({ subject }) => subject)).toEqual(['[ACT] Still there on orders: slot']);
    stage.databases.slots.clear();
    expect(await hourly()).toEqual([]);
  });

  it('is told of as long as it cannot be asked what stands on production', async () => {
    await ended(await stopIn('Bake'));
    stage.databases.instead.set('leftovers', {
      kind: 'failed',
      code: '28P01',
      because: 'the sign-in was refused',
    });
    const [told] = await hourly();
    expect(told?.message.replace(/\s+/g, ' ')).toContain(
      'it could not be asked what of ours stands here (the sign-in was refused)',
    );
  });
});

it('an execution that goes back and is stopped behind the fence is told of every hour, though its run waits for it', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const back = stage.goBack(run);
  await stage.until(back, 'Compare both sides');
  await stage.clock.run(stage.account.states.stopExecution(back, undefined, 'lunch') as never);
  await ended(back);
  const [told, ...more] = await hourly();
  expect(more).toEqual([]);
  expect(told?.subject).toBe('[PAGE] Still there on orders: closed database');
  expect(told?.message.split('\n')).toContain('    SELECT viridian.open_database();');
  const again = stage.goBack(run);
  expect(await stage.finish(again)).toBe('Went back: blue serves production');
  await stage.finish(run);
  expect(await hourly()).toEqual([]);
});

describe('what stands on a database', () => {
  it('is nothing before a run, and nothing but marks and protection after one that succeeded', async () => {
    expect(await whatStands()).toEqual([]);
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Green serves production');
    const [found, ...more] = await whatStands();
    expect(more).toEqual([]);
    expect(found).toMatchObject({ executionArn: run, open: [] });
    expect(new Set(found?.standing.map(({ kind }) => kind))).toEqual(new Set(['tags', 'closed database']));
    expect(found?.standing.filter(({ hurts }) => hurts)).toEqual([]);
    expect(await hourly()).toEqual([]);
  });

  it('names the run that is open, by which everything is looked after', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    const [found] = await whatStands();
    expect(found?.open).toEqual([run]);
    expect(found?.standing.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['slot', 'publication', 'subscription', 'closed database']),
    );
  });
});
