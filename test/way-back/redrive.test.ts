import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => {
  expect(stage.doubleWriters()).toEqual([]);
  expect(stage.databases.losses).toEqual([]);
  stage.close();
});

const went = 'Went back: blue serves production';
const stayed = 'Did not go back: green serves production';
const incomplete = 'Going back incomplete: look before any retry';
const hour = 3_600_000;

const pass = (milliseconds: number) => stage.clock.run(stage.clock.sleep(milliseconds));
const redrive = (executionArn: string) => stage.account.states.redriveExecution(executionArn);
const statusOf = (executionArn: string) => stage.account.states.describeExecution(executionArn).status;

function expectBlueAlone(): void {
  expect(stage.serves()).toBe('blue');
  expect(stage.plane.writable()).toEqual([stage.production()]);
  expect(stage.databases.leftovers()).toEqual([]);
}

/** A run that bakes, and an execution that goes back from it and is stopped as it comes to a state. */
async function stopIn(state: StateName): Promise<{ run: string; killed: string }> {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const killed = stage.goBack(run);
  const stopListening = stage.account.states.on((event) => {
    if (event.kind !== 'history' || event.executionArn !== killed) return;
    if (event.event.stateEnteredEventDetails?.name === state)
      void stage.account.states.stopExecution(killed, undefined, 'lunch');
  });
  await stage.finish(killed);
  stopListening();
  expect([statusOf(killed), stage.path(killed).at(-1)]).toEqual(['ABORTED', state]);
  return { run, killed };
}

describe('an execution that goes back and was stopped', () => {
  it('is waited for by the run, which does not end with nobody able to write', async () => {
    const { run, killed } = await stopIn('Compare both sides');
    await pass(3 * hour);
    expect(stage.plane.writable()).toEqual([]);
    expect([statusOf(run), stage.path(run).at(-1)]).toEqual(['RUNNING', 'Wait for going back']);
    redrive(killed);
    expect(await stage.finish(killed)).toBe(went);
    expect(await stage.finish(run)).toBe(went);
    expectBlueAlone();
  });

  it.each<[StateName, string]>([
    ['Wait for the last changes', went],
    ['Compare both sides', went],
    ['Open blue for writes', went],
    // The two hours for both renames are over: it does the first one at most.
    ['Swap the endpoint', incomplete],
    ['Wait for the endpoint', incomplete],
  ])(
    'and lay still in "%s" for two days ends well when it is redriven, or another one ends it',
    async (state, end) => {
      const { run, killed } = await stopIn(state);
      await pass(48 * hour);
      redrive(killed);
      expect(await stage.finish(killed)).toBe(end);
      if (end !== went) expect(await stage.finish(stage.goBack(run))).toBe(went);
      expectBlueAlone();
    },
  );

  it.each<StateName>(['Fence new production', 'Open blue for writes'])(
    'in "%s" does nothing more when it is redriven after another one has gone back',
    async (state) => {
      const { run, killed } = await stopIn(state);
      expect(await stage.finish(stage.goBack(run))).toBe(went);
      await expectNothingMore(killed);
      expectBlueAlone();
    },
  );

  it.each<StateName>(['Fence new production', 'Set the sequences', 'Swap the endpoint'])(
    'in "%s" does nothing more when it is redriven after another one has stayed',
    async (state) => {
      const { run, killed } = await stopIn(state);
      Object.assign(stage.databases.behaviour, { differing: 1 });
      expect(await stage.finish(stage.goBack(run))).toBe(stayed);
      Object.assign(stage.databases.behaviour, { differing: 0 });
      await expectNothingMore(killed);
      expect(stage.serves()).toBe('green');
      expect(stage.plane.writable()).toEqual([stage.production()]);
    },
  );

  it('in "Swap the endpoint" leaves the rest to another one that is on its way', async () => {
    const { run, killed } = await stopIn('Swap the endpoint');
    const other = stage.goBack(run);
    await stage.until(other, 'Fence new production');
    redrive(killed);
    expect(await stage.finish(other)).toBe(went);
    expect(await stage.finish(killed)).toBe(incomplete);
    expectBlueAlone();
  });

  it('in "Swap the endpoint" moves nothing when somebody has opened new production meanwhile', async () => {
    const { run, killed } = await stopIn('Swap the endpoint');
    await stage.plane.setWritable(stage.production() ?? '', true);
    redrive(killed);
    expect(await stage.finish(killed)).toBe(incomplete);
    expect(stage.serves()).toBe('green');
    expect(stage.account.rds.journal.accepted('ModifyDBInstance')).toEqual([]);
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expectBlueAlone();
  });
});

/** What an execution does that must not: everything that it changes, and everything that it asks of databases to change. */
async function expectNothingMore(executionArn: string): Promise<void> {
  const changed = () => [
    stage.plane.history.length,
    stage.account.rds.journal.mutations.length,
    stage.databases.asked.filter((ask) => !['facts', 'watch', 'foreign-writers', 'leftovers'].includes(ask))
      .length,
  ];
  const before = changed();
  redrive(executionArn);
  expect(await stage.finish(executionArn)).toBe(incomplete);
  expect(changed()).toEqual(before);
}

it('an execution that ran out of time ends when it is redriven', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  const { states, rollBackMachineArn } = stage.account;
  const { definition, name } = states.machines.resolve(rollBackMachineArn).revision;
  // Long enough for half of the way: each of two renames takes longer.
  states.registerStateMachine({
    name,
    definition: definition.replace('"TimeoutSeconds": 28800', '"TimeoutSeconds": 60'),
  });
  const back = stage.goBack(run);
  await stage.finish(back);
  expect([statusOf(back), stage.path(back)]).toEqual([
    'TIMED_OUT',
    expect.arrayContaining(['Swap the endpoint']),
  ]);
  while (statusOf(back) === 'TIMED_OUT') {
    redrive(back);
    await stage.finish(back);
  }
  expect(stage.path(back).at(-1)).toBe(went);
  expectBlueAlone();
});

it('an execution that has failed only fails again, and one that is started anew finishes', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  stage.interfere = (key) =>
    key === 'openBlueForWrites'
      ? { replaceResult: { errorType: 'BlueGreen.TestFailed', errorMessage: 'made by the test' } }
      : undefined;
  const failed = stage.goBack(run);
  expect(await stage.finish(failed)).toBe(incomplete);
  stage.interfere = (key) => {
    throw new Error(`${key} was invoked`);
  };
  redrive(failed);
  expect(await stage.finish(failed)).toBe(incomplete);
  stage.interfere = () => undefined;
  expect(await stage.finish(stage.goBack(run))).toBe(went);
  expectBlueAlone();
});

it('a run that was stopped in its bake sees, when it is redriven, that a person has gone back meanwhile', async () => {
  const run = stage.start();
  await stage.until(run, 'Bake');
  await stage.clock.run(stage.account.states.stopExecution(run));
  expect(await stage.finish(stage.goBack(run))).toBe(went);
  redrive(run);
  expect(await stage.finish(run)).toBe(went);
  expectBlueAlone();
});
