import { afterEach, describe, expect, test } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { countTicks, paces, tickSeconds } from '../../functions/domain/model/tick.ts';
import { wakesAnHour } from '../../functions/domain/model/wake-budget.ts';
import { planLongestRun } from '../../functions/domain/request/longest-run.ts';
import { defaultTimings } from '../../packages/local-aws/rds/timings.ts';
import { enteredStates, requestOf as requestIn } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from './databases.ts';
import { alarm, lagReads, later, onTheWire, rdsPlays, silent, type Trouble, when } from './faults.ts';
import { type Ending, type Request, run } from './run.ts';
import { ends } from './scenarios/scenario.ts';
import { hour, minute, type Stage, type StageOptions, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

async function play(ask: Request, troubles: Trouble[] = [], options?: StageOptions): Promise<Ending> {
  stage?.close();
  stage = await setStage(kinds.replica, options);
  for (const trouble of troubles) trouble(stage);
  return run(stage, ask);
}

const count = ({ path }: Ending, state: StateName) => path.filter((name) => name === state).length;
/** From the first entry of a state to the first entry of another, in milliseconds. */
function timeIn({ evidence }: Ending, from: StateName, to: StateName): number {
  const states = enteredStates(evidence.history);
  const at = (name: StateName) => states.find((state) => state.name === name)?.at ?? Number.NaN;
  return at(to) - at(from);
}

const eventsDropped = rdsPlays({ moment: 'event', effect: 'drop' });

describe('an answer that comes after its tick', () => {
  test.each<[what: string, state: StateName]>([
    ['is too late and harms nothing, while green is built', 'Wait for green'],
    ['is too late and harms nothing, around the cut', 'Wait for switchover'],
    ['is too late and harms nothing, while old blue is deleted', 'Wait for deletion'],
  ])('%s', async (_, state) => {
    const late = onTheWire('SendTaskSuccess', { before: { delayMs: 2 * minute } }, 1);
    const ending = await play({ oldBlue: kinds.replica.deleteOldBlue }, [when(state, late)]);
    expect(ending).toMatchObject({ end: ends.green, broken: [] });
    const refused = stage?.calls.filter(
      ({ call, outcome }) =>
        call.operation === 'SendTaskSuccess' &&
        outcome.kind === 'refused' &&
        ['TaskTimedOut', 'TaskDoesNotExist'].includes(outcome.error.name),
    );
    expect(refused?.length).toBeGreaterThan(0);
  });
});

describe('events', () => {
  test('shorten the wait for green to seconds, and without them it is one tick too long at most', async () => {
    const slow = { timings: { ...defaultTimings, settleMembers: 0 } };
    const woken = timeIn(await play({}, [], slow), 'Wait for green', 'Is a failover of green to be tested?');
    const alone = timeIn(
      await play({}, [eventsDropped], slow),
      'Wait for green',
      'Is a failover of green to be tested?',
    );
    const { provisioningStart, createReplica, upgradeEngine, configureBackups, createTopology } =
      defaultTimings;
    const needed = provisioningStart + createReplica + upgradeEngine + configureBackups + createTopology;
    expect(woken).toBeGreaterThanOrEqual(needed);
    expect(woken).toBeLessThan(needed + 10_000);
    expect(alone).toBeGreaterThan(woken);
    expect(alone).toBeLessThan(Math.max(1.05 * needed, needed + 1_000 * paces.green.floor) + 10_000);
  });

  test('of alarms end a bake at once', async () => {
    const ask = { bake: { minutes: 8 * 60, alarms: ['errors'], metrics: [] } };
    const fires = when('Bake', later(4 * hour, alarm('ALARM')));
    const ending = await play(ask, [alarm('OK'), fires]);
    const watched = timeIn(ending, 'Begin to bake', 'Record outcome');
    expect(watched).toBeGreaterThanOrEqual(4 * hour);
    expect(watched).toBeLessThan(4 * hour + 10_000);
  });
});

describe('the history', () => {
  test('has as many looks as the arithmetic of ticks says, when no look and no event is ever heard', async () => {
    const hours = 48;
    const ending = await play({ target: { readyWithinHours: hours } }, [
      silent('waitForGreen'),
      eventsDropped,
    ]);
    const wait = { since: 0, deadline: hours * hour };
    expect(count(ending, 'Wait for green')).toBe(
      countTicks(hours * 3_600, (at) => tickSeconds(at, wait, paces.green)),
    );
  });

  test('counts the looks for the lag likewise', async () => {
    const ending = await play({ lag: { withinMinutes: 600 } }, [lagReads(1e12)]);
    const wait = { since: 0, deadline: 600 * minute };
    const ticks = countTicks(36_000, (at) => tickSeconds(at, wait, paces.catchUp));
    expect(count(ending, 'Wait for replication to catch up')).toBe(ticks);
  });

  test.each<[string, Request, Trouble[]]>([
    ['green is never ready', { target: { readyWithinHours: 100 } }, [silent('waitForGreen')]],
    ['nobody answers', { approval: { withinHours: 100 } }, []],
    [
      'three groups never answer',
      { approval: { withinHours: 100, groups: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } },
      [],
    ],
    ['a bake of a week', { bake: { minutes: 10_080, metrics: [] } }, []],
    ['old blue is kept for sixty days', { oldBlue: { deleteAfterDays: 60 } }, []],
  ])('stays within what is planned for its request when %s', async (_, ask, troubles) => {
    const ending = await play(ask, troubles);
    const request = requestIn(ending.evidence);
    if (!request) throw new Error('the request was refused');
    const planned = planLongestRun(request, stage?.clock.now() ?? 0);
    const { history } = ending.evidence;
    expect(history.length).toBeLessThanOrEqual(planned.events);
    expect(ending.took / 1_000).toBeLessThanOrEqual(planned.seconds);
    expect(history.length - 300).toBeLessThanOrEqual(40 * (ending.took / hour));
    expect(ending.broken).toEqual([]);
  });

  test('costs eight events a look', async () => {
    const [short, long] = [
      await play({ bake: { minutes: 10_000, metrics: [] } }),
      await play({ bake: { minutes: 10_080, metrics: [] } }),
    ];
    const looks = count(long, 'Bake') - count(short, 'Bake');
    expect(looks).toBeGreaterThan(0);
    expect(long.evidence.history.length - short.evidence.history.length).toBe(8 * looks);
  });
});

/** The alarm changes its state every minute, for so many hours from the bake on, and is OK then. */
const flaps = (hours: number): Trouble =>
  when('Bake', (on) => {
    for (let at = 1; at <= hours * 60; at += 1)
      later(at * minute, alarm(at % 2 === 0 ? 'OK' : 'INSUFFICIENT_DATA'))(on);
  });

test('an alarm that flaps every minute for 50 hours ends, starves and stops no run', {
  timeout: 600_000,
}, async () => {
  const hours = 50;
  const ask = { bake: { minutes: hours * 60, alarms: ['errors'], metrics: [] } };
  const ending = await play(ask, [alarm('OK'), flaps(hours)]);
  expect(ending).toMatchObject({ end: ends.green, broken: [] });
  expect(ending.took).toBeLessThan((hours + 1) * hour);
  const request = requestIn(ending.evidence);
  if (!request) throw new Error('the request was refused');
  const { history } = ending.evidence;
  const woken = history.filter(({ taskFailedEventDetails: failed }) => failed?.error === 'BlueGreen.Woken');
  expect(woken.length).toBeGreaterThan((wakesAnHour - 2) * hours);
  expect(woken.length).toBeLessThanOrEqual(wakesAnHour * (hours + 1));
  const planned = planLongestRun(request, stage?.clock.now() ?? 0).events;
  expect(history.length).toBeLessThanOrEqual(planned + 8 * woken.length);
});
