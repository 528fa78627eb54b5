import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterEach, expect, test } from 'vitest';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from './databases.ts';
import { rdsPlays } from './faults.ts';
import { start } from './run.ts';
import { ends } from './scenarios/scenario.ts';
import { beginning, hour, minute, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const opensAt = beginning + 40 * minute;
const window = {
  opensAt: new Date(opensAt).toISOString(),
  closesAt: new Date(opensAt + 3 * hour).toISOString(),
};

test('40 runs that share a window all end as each would alone, although RDS turns calls away', async () => {
  stage = await setStage(kinds.replica, { throttling: true, directCalls: true });
  const { account, clock } = stage;
  for (const quota of Object.keys(account.rds.world.quotas)) account.rds.world.quotas[quota] = 1e9;
  const arns = await startAll(stage, 40);
  const neighbour = watchNeighbour(stage);
  await clock.run(Promise.all(arns.map((arn) => account.states.settled(arn))));

  const reached = arns.map((arn) => enteredStates(account.states.getExecutionHistory(arn)).at(-1)?.name);
  expect(reached).toEqual(arns.map(() => ends.green));
  // Without a throttle nothing would be proved here.
  expect(account.rds.throttle?.refused).toBeGreaterThan(0);
  expect(neighbour.answered).toBeGreaterThan(3 * neighbour.refused);
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
    return names.map((database) => start(on, { ...plain, database, window }, database));
  });
}

const plain = {
  target: { engineVersion: '16.14' },
  approval: { required: false },
  bake: { minutes: 0 },
};

/** Somebody else in the account, who asks RDS twice a second around the opening of the window and never asks again. */
function watchNeighbour({ account, clock }: Stage): { answered: number; refused: number } {
  const seen = { answered: 0, refused: 0 };
  const client = new RDSClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIANEIGHBOUR0000000', secretAccessKey: 'rehearsal' },
  });
  const ask = new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'bystander' });
  clock.detached(async () => {
    await clock.sleep(opensAt - 2 * minute - clock.now());
    for (const until = opensAt + 15 * minute; clock.now() < until; ) {
      await clock.sleep(500);
      await client.send(ask).then(
        () => {
          seen.answered += 1;
        },
        () => {
          seen.refused += 1;
        },
      );
    }
  });
  return seen;
}
