import { afterEach, describe, expect, test } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { type Kind, kinds } from './databases.ts';
import { alarm, executionStopped, hook, onceCalled, pass, rdsPlays, type Trouble, when } from './faults.ts';
import { person } from './person.ts';
import { reportEnd } from './reconcile.ts';
import { type Ending, finish, type Request, readEnding, requestOf, start } from './run.ts';
import { ends, errors } from './scenarios/scenario.ts';
import { countAccepted, hookArn, hour, minute, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

/** A run, and how it ends when nobody stops it. */
interface Story {
  ask: (kind: Kind) => Request;
  troubles: Trouble[];
  end: string;
  error?: string;
}

const arn = hookArn('good');
const names = ['changeGreen', 'testGreen', 'stopWrites', 'resumeWrites', 'verifyProduction'];
const hooks = Object.fromEntries(names.map((name) => [name, { arn }]));

const whole: Story = {
  ask: ({ deleteOldBlue }) => ({
    hooks,
    approval: { withinHours: 6 },
    bake: { minutes: 2, alarms: ['errors'] },
    oldBlue: { ...deleteOldBlue, deleteAfterDays: 0.01 },
  }),
  troubles: [hook('good', () => pass), alarm('OK'), person({ answer: 'approve' })],
  end: ends.green,
};
const failing: Story = {
  ask: () => ({}),
  troubles: [rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } })],
  end: ends.stopped,
  error: errors.provisioning,
};

/** Runs a story on a stage of its own; ends where the trouble stops it. */
async function play(story: Story, ...troubles: Trouble[]): Promise<{ on: Stage; ending: Ending }> {
  stage?.close();
  const on = await setStage(kinds.replica);
  stage = on;
  for (const one of [...story.troubles, ...troubles]) one(on);
  return { on, ending: await finish(on, start(on, requestOf(on.kind, story.ask(on.kind)))) };
}

/** Stops a run, hears what reconcile tells of it, lets time pass and takes it up again. */
async function stopAndRedrive(story: Story, trouble: Trouble, pause = 0): Promise<Ending> {
  const { on, ending } = await play(story, trouble);
  expect(ending.status).toBe('ABORTED');
  // In the middle of a cut nobody is writable, which ends by itself; and events take their time.
  await on.clock.run(on.clock.sleep(minute));
  await reportEnd(on, ending.executionArn);
  expect(readEnding(on, ending.executionArn).broken).toEqual([]);
  await on.clock.run(on.clock.sleep(pause));
  on.account.states.redriveExecution(ending.executionArn);
  return finish(on, ending.executionArn);
}

/** Every state of a run but its last, which ends by itself. */
async function statesOf(story: Story): Promise<StateName[]> {
  const { ending } = await play(story);
  return [...new Set(ending.path)].slice(0, -1);
}

const ofWhole = await statesOf(whole);
const ofFailing = (await statesOf(failing)).filter((state) => !ofWhole.includes(state));

describe('a run that was stopped and is taken up again', () => {
  test.each([
    ...ofWhole.map((state) => ({ state, story: whole })),
    ...ofFailing.map((state) => ({ state, story: failing })),
  ])('ends as if it had not been stopped in "$state"', async ({ state, story }) => {
    const ending = await stopAndRedrive(story, when(state, executionStopped));
    expect(ending).toMatchObject({ end: story.end, broken: [] });
    expect(ending.error).toBe(story.error);
  });

  test.each([
    'CreateBlueGreenDeployment',
    'SwitchoverBlueGreenDeployment',
    'DeleteBlueGreenDeployment',
    'CreateDBSnapshot',
    'DeleteDBInstance',
    'Publish',
  ])('ends as if it had not been stopped while %s was on its way', async (operation) => {
    const ending = await stopAndRedrive(whole, onceCalled(operation, executionStopped));
    expect(ending).toMatchObject({ end: whole.end, broken: [] });
    for (const once of ['CreateBlueGreenDeployment', 'SwitchoverBlueGreenDeployment', 'CreateDBSnapshot'])
      expect([once, countAccepted(stage as Stage, once)]).toEqual([once, 1]);
  });

  test.each(ofWhole.slice(ofWhole.indexOf('Create green')))(
    'ends well or safely when it lay still for two days in "%s"',
    async (state) => {
      const ending = await stopAndRedrive(whole, when(state, executionStopped), 48 * hour);
      const safe =
        ending.serves === 'green' ? [ends.green, ends.incomplete] : [ends.stopped, ends.rolledBack];
      expect(safe).toContain(ending.end);
      expect(ending.broken).toEqual([]);
    },
  );
});
