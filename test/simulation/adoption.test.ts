import { afterEach, describe, expect, test } from 'vitest';
import { type Kind, kinds } from './databases.ts';
import { onGreen, rdsPlays, type Trouble, when } from './faults.ts';
import { type Ending, finish, type Request, requestOf, run, start } from './run.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage?.close());

/** The text that people got at the end of a run. */
function announcement({ account }: Stage): string {
  return account.sns.messages
    .filter(({ topicArn }) => topicArn === process.env.ANNOUNCEMENTS_TOPIC_ARN)
    .map(({ message }) => message)
    .join('\n');
}

const refused: Trouble = rdsPlays({ moment: 'guardrails', effect: { refuse: 'a long transaction' } });

/** A run whose switchover RDS undoes, so that its green is left. */
async function rolledBack(kind: Kind, more: Request = {}): Promise<Ending> {
  stage = await setStage(kind);
  refused(stage);
  const ending = await run(stage, more);
  expect(ending.end).toBe('Switchover rolled back: blue serves production');
  stage.faults.splice(0);
  return ending;
}

describe.each(Object.values(kinds))('$name', (kind) => {
  test('the advice of the announcement works as it is written', async () => {
    await rolledBack(kind);
    const [advice] = /"adopt": "bgd-[^"]+"/.exec(announcement(stage)) ?? [];
    const same = JSON.stringify(requestOf(kind)).slice(0, -1);
    const again = await finish(stage, start(stage, JSON.parse(`${same}, ${advice}}`)));
    expect(again).toMatchObject({ end: 'Green serves production', error: undefined });
    expect(stage.account.rds.journal.accepted('CreateBlueGreenDeployment')).toHaveLength(1);
  });

  test('a request that names nothing but the deployment takes its version and groups', async () => {
    await rolledBack(kind);
    const adopt = stage.account.rds.world.deployments[0]?.id;
    const plain = { database: kind.database, adopt, approval: { required: false }, bake: { minutes: 0 } };
    const again = await finish(stage, start(stage, plain));
    expect(again).toMatchObject({ end: 'Green serves production', error: undefined });
  });

  test('what was taken up is kept when the run stops, and removed where the request says so', async () => {
    await rolledBack(kind);
    const adopt = stage.account.rds.world.deployments[0]?.id;
    const plain = { database: kind.database, adopt, approval: { required: false }, bake: { minutes: 0 } };
    when(
      'Check parity',
      onGreen((instance) => Object.assign(instance, { MultiAZ: !instance.MultiAZ })),
    )(stage);
    const stopped = await finish(stage, start(stage, plain));
    expect(stopped.end).toBe('Stopped before switchover: blue serves production');
    expect(stage.account.rds.world.deployments).toHaveLength(1);
    expect(announcement(stage)).toContain(`deployment record ${adopt}`);

    const target = { keepGreenWhenStopped: false };
    const removed = await finish(stage, start(stage, { ...plain, target }));
    expect(removed.end).toBe('Stopped before switchover: blue serves production');
    expect(stage.account.rds.world.deployments).toEqual([]);
  });
});

test('a version that the deployment does not have stops the run at once, and keeps what was taken up', async () => {
  await rolledBack(kinds.postgres);
  const adopt = stage.account.rds.world.deployments[0]?.id;
  const stopped = await run(stage, { adopt, target: { engineVersion: '16.14', parameterGroup: undefined } });
  expect(stopped.error).toBe('BlueGreen.ProvisioningFailed');
  expect(stopped.took).toBeLessThan(10 * 60_000);
  expect(announcement(stage)).toContain('runs 17.10, wanted is 16.14');
  expect(stage.account.rds.world.deployments).toHaveLength(1);
});
