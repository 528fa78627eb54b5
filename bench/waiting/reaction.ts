import { defaultTimings, type Timings } from '../../packages/local-aws/rds/timings.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from '../../test/simulation/databases.ts';
import { alarm, later, when } from '../../test/simulation/faults.ts';
import { seeded } from '../../test/simulation/pace.ts';
import { requestOf, start, waitForEnd } from '../../test/simulation/run.ts';
import { hour, minute, type Stage, setStage } from '../../test/simulation/stage.ts';

/** How late changes were seen. Seconds, one a run. */
export interface Reaction {
  ours: number[];
  /** Of a loop that looks every 30 seconds, from when the same wait began. */
  loop: number[];
}

const loopMs = 30_000;

/** Green whose members settle one to ten minutes after the event says that it is there; builds take 20 minutes to 20 hours. */
export async function reactToGreen(runs: number): Promise<Reaction> {
  const found: Reaction = { ours: [], loop: [] };
  for (let seed = 1; seed <= runs; seed += 1) {
    const chance = seeded(seed);
    const timings = {
      ...defaultTimings,
      createReplica: durationOf(chance()),
      settleMembers: Math.round((1 + 9 * chance()) * minute),
    };
    const stage = await setStage(kinds.replica, { seed, directCalls: true, timings });
    try {
      const arn = start(stage, requestOf(kinds.replica, { target: { readyWithinHours: 48 } }));
      await waitForEnd(stage, arn);
      const [begun, seen] = [
        at(stage, arn, 'Wait for green'),
        at(stage, arn, 'Is a failover of green to be tested?'),
      ];
      const settled = settledAt(stage, timings);
      found.ours.push((seen - settled) / 1_000);
      found.loop.push(lateness(begun, settled));
    } finally {
      stage.close();
    }
  }
  return found;
}

/** An alarm that fires at some time of a bake of a day. */
export async function reactToAlarm(runs: number): Promise<Reaction> {
  const found: Reaction = { ours: [], loop: [] };
  for (let seed = 1; seed <= runs; seed += 1) {
    const stage = await setStage(kinds.replica, { seed, directCalls: true });
    try {
      const after = Math.round(seeded(seed)() * 23 * hour) + minute;
      let fired = Number.NaN;
      alarm('OK')(stage);
      when(
        'Bake',
        later(after, (on) => {
          fired = on.clock.now();
          alarm('ALARM')(on);
        }),
      )(stage);
      const request = { bake: { minutes: 24 * 60, alarms: ['errors'], metrics: [] } };
      const arn = start(stage, requestOf(kinds.replica, request));
      await waitForEnd(stage, arn);
      const states = enteredStates(stage.account.states.getExecutionHistory(arn));
      const begun = states.find(({ name }) => name === 'Bake')?.at ?? Number.NaN;
      const next = states.find(
        ({ name, at: entered }) => name !== 'Bake' && entered > fired && !name.endsWith('?'),
      );
      found.ours.push(((next?.at ?? Number.NaN) - fired) / 1_000);
      found.loop.push(lateness(begun, fired));
    } finally {
      stage.close();
    }
  }
  return found;
}

/** Milliseconds between 20 minutes and 20 hours, with as many short of each factor as long of it. @param chance in [0, 1) */
function durationOf(chance: number): number {
  return Math.round(20 * minute * 60 ** chance);
}

function at({ account }: Stage, arn: string, name: string): number {
  const states = enteredStates(account.states.getExecutionHistory(arn));
  return states.find((state) => state.name === name)?.at ?? Number.NaN;
}

/** When the last member of green had settled: the last change that "Wait for green" waits for. */
function settledAt({ account }: Stage, timings: Timings): number {
  const { provisioningStart, createReplica, upgradeEngine, configureBackups, createTopology } = timings;
  const [created] = account.rds.journal.accepted('CreateBlueGreenDeployment');
  const tasks = createReplica + upgradeEngine + configureBackups + createTopology;
  return (created?.at ?? Number.NaN) + provisioningStart + tasks + timings.eventLead + timings.settleMembers;
}

/** Seconds from a change to the next look of a loop that began to look before. */
function lateness(begun: number, changed: number): number {
  const since = (changed - begun) % loopMs;
  return since === 0 ? 0 : (loopMs - since) / 1_000;
}
