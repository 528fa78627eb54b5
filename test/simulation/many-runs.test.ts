import { afterEach, expect, test } from 'vitest';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from './databases.ts';
import { rdsPlays } from './faults.ts';
import { playFleet } from './fleet.ts';
import { quick } from './pace.ts';
import { start } from './run.ts';
import { ends } from './scenarios/scenario.ts';
import { hour, minute, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

test('20 runs that begin at once and share a window all end as each would alone, and nobody else is turned away for long', async () => {
  const {
    ends: reached,
    neighbour,
    ...result
  } = await playFleet({
    runs: 20,
    every: 0,
    opensAfter: 40 * minute,
    openFor: 3 * hour,
    bakeMinutes: 0,
    neighbour: 1,
    timings: quick,
  });
  expect(reached).toEqual(reached.map(() => ends.green));
  expect(neighbour.refused).toBeLessThan(neighbour.asked / 100);
  expect(result.mostAtOnce).toBeLessThanOrEqual(8);
  // Without a throttle nothing would be proved here.
  expect(result.ours.refused).toBeGreaterThan(0);
}, 120_000);

test('one run of several whose green cannot be built stops alone, and tells of its own database', async () => {
  stage = await setStage(kinds.replica, { directCalls: true });
  const { account, clock } = stage;
  rdsPlays({ moment: 'build', nth: 1, effect: { fail: 'a parameter is not valid' } })(stage);
  const arns = await startAll(stage, 4);
  await clock.run(Promise.all(arns.map((arn) => account.states.settled(arn))));

  const reached = arns.map((arn) => enteredStates(account.states.getExecutionHistory(arn)).at(-1)?.name);
  expect(reached.filter((end) => end === ends.green)).toHaveLength(3);
  const failed = reached.indexOf(ends.stopped);
  expect(failed).toBeGreaterThanOrEqual(0);
  const about = account.sns.messages.filter(({ message }) => message.includes('a parameter is not valid'));
  expect(about.length).toBeGreaterThan(0);
  for (const { message } of about)
    expect([...new Set(message.match(/shop-\d/g))]).toEqual([`shop-${failed}`]);
}, 120_000);

/** Starts a run for each of so many databases, all in one second. */
function startAll(on: Stage, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `shop-${index}`);
  return on.clock.run(async () => {
    for (const DBInstanceIdentifier of names)
      await addInstance(on.account.rds, { DBInstanceIdentifier, EngineVersion: '16.10', MultiAZ: true });
    return names.map((database) => start(on, { ...plain, database }, database));
  });
}

const plain = {
  target: { engineVersion: '16.14' },
  approval: { required: false },
  bake: { minutes: 0 },
};
