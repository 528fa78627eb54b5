import { afterEach, describe, expect, test } from 'vitest';
import { type FunctionKey, taskKeys } from '../../deploy/functions.ts';
import { type Kind, kinds } from './databases.ts';
import { alarm, rdsPlays, type Trouble } from './faults.ts';
import { person } from './person.ts';
import { leadReaders } from './play.ts';
import { type Ending, finish, type Request, requestOf, start } from './run.ts';
import { besideBlue, isBeside } from './scenarios/put-back.ts';
import { ends, errors } from './scenarios/scenario.ts';
import { countAccepted, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

/** The shortest run in which some functions do their work. */
interface Story {
  name: string;
  functions: FunctionKey[];
  ask: (kind: Kind) => Request;
  troubles?: Trouble[];
  /** Looked at after each end. */
  afterwards?: Trouble[];
  end: string;
  error?: string;
}

const cannotBeBuilt = rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } });

const stories: Story[] = [
  {
    name: 'a dry run',
    functions: ['validateRequest', 'checkPreconditions', 'recordOutcome', 'notify'],
    ask: () => ({ dryRun: true }),
    end: ends.dryRun,
  },
  {
    name: 'a run that people refuse',
    functions: ['askForApproval', 'waitForApproval'],
    ask: () => ({ approval: { withinHours: 1 } }),
    troubles: [person({ answer: 'reject' })],
    end: ends.stopped,
    error: errors.denied,
  },
  {
    name: 'a run that keeps old blue',
    functions: [
      'createGreen',
      'waitForGreen',
      'checkParity',
      'findTheNextWindow',
      'waitForWindow',
      'waitForReplicationToCatchUp',
      'finalCheck',
      'startSwitchover',
      'waitForSwitchover',
      'findProductionSide',
      'verifyProduction',
    ],
    ask: () => ({ bake: { minutes: 0, alarms: ['errors'] } }),
    troubles: [alarm('OK')],
    end: ends.green,
  },
  {
    name: 'a run that compares new production with blue',
    functions: ['takeTheBaseline', 'bake'],
    ask: () => ({ bake: { minutes: 2, alarms: ['errors'] } }),
    troubles: [alarm('OK')],
    end: ends.green,
  },
  {
    name: 'a run that leads its readers to green',
    functions: ['leadReadsToGreen', 'watchTheReads'],
    ask: () => ({ readRamp: { steps: [100], minutesEach: 5 } }),
    end: ends.green,
  },
  {
    name: 'a run that deletes old blue',
    functions: [
      'releaseTheDeploymentRecord',
      'waitForRetention',
      'takeFinalSnapshot',
      'waitForSnapshot',
      'deleteOldBlue',
      'waitForDeletion',
    ],
    ask: ({ deleteOldBlue }) => ({ oldBlue: deleteOldBlue }),
    end: ends.green,
  },
  {
    name: 'a run with something beside the data of blue',
    functions: ['putBackWhatWasDropped'],
    ask: () => ({ bake: { minutes: 0, alarms: ['errors'] } }),
    troubles: [alarm('OK'), besideBlue],
    afterwards: isBeside,
    end: ends.green,
  },
  {
    name: 'a run whose green cannot be built',
    functions: ['removeGreen', 'waitForRemoval'],
    ask: () => ({}),
    troubles: [cannotBeBuilt],
    end: ends.stopped,
    error: errors.provisioning,
  },
];

/** Functions that change something: they crash in their later attempts, too, and for a cluster. */
const changing: FunctionKey[] = [
  'createGreen',
  'leadReadsToGreen',
  'startSwitchover',
  'releaseTheDeploymentRecord',
  'takeFinalSnapshot',
  'deleteOldBlue',
  'removeGreen',
];

test('every story names tasks that exist, each once; the tasks of the way back crash in test/way-back', () => {
  const told = stories.flatMap(({ functions }) => functions);
  expect(taskKeys).toEqual(expect.arrayContaining(told));
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual(expect.arrayContaining(changing));
});

describe.each(stories)('$name', (story) => {
  test.each(story.functions)('ends the same whichever call %s crashes after', async (key) => {
    await crashEverywhere(kinds.replica, story, key, 1);
  });

  const more = story.functions.filter((key) => changing.includes(key));
  test.runIf(more.length > 0).each(more)(
    'on a cluster ends the same whichever call of whichever attempt %s crashes after',
    async (key) => {
      let attempt = 1;
      while (await crashEverywhere(kinds.auroraPostgres, story, key, attempt)) attempt += 1;
    },
  );
});

/** Crashes one attempt of a function after each of its calls; false when it has no such attempt. */
async function crashEverywhere(
  kind: Kind,
  story: Story,
  key: FunctionKey,
  attempt: number,
): Promise<boolean> {
  for (let calls = 0; ; calls += 1) {
    const { ending, crashed } = await runWithCrash(kind, story, key, attempt, calls);
    if (!crashed) return calls > 0;
    const where = `attempt ${attempt} of ${key} crashed after ${calls} calls`;
    if (key === 'startSwitchover') expectOneCut(ending, where);
    else
      expect({ where, end: ending.end, error: ending.error }).toEqual({
        where,
        end: story.end,
        error: story.error,
      });
    expect({ where, broken: ending.broken, repeated: findRepeated() }).toEqual({
      where,
      broken: [],
      repeated: [],
    });
  }
}

async function runWithCrash(kind: Kind, story: Story, key: string, nth: number, calls: number) {
  stage?.close();
  stage = await setStage(kind);
  for (const trouble of story.troubles ?? []) trouble(stage);
  let attempts = 0;
  stage.functionRules.push((attempt) => {
    if (attempt.key !== key) return undefined;
    attempts += 1;
    return attempts === nth ? { crashAfterCalls: calls } : undefined;
  });
  const ending = await finish(
    stage,
    start(stage, requestOf(kind, { ...story.ask(kind), ...leadReaders(stage, story.ask(kind)) })),
  );
  for (const look of story.afterwards ?? []) look(stage);
  const crashed = ending.evidence.history.some(
    ({ taskFailedEventDetails: failed }) => failed?.error === 'Runtime.ExitError',
  );
  return { ending, crashed };
}

/** Whether the crash came before or after the call, it is made once, and the run finds out what came of it. */
function expectOneCut({ end, serves }: Ending, where: string): void {
  const accepted = countAccepted(stage as Stage, 'SwitchoverBlueGreenDeployment');
  const expected = accepted === 1 ? [ends.green, 'green'] : [ends.rolledBack, 'blue'];
  expect({ where, accepted, end, serves }).toEqual({
    where,
    accepted,
    end: expected[0],
    serves: expected[1],
  });
}

/** Calls that may be accepted once for a resource, and were accepted more often. */
function findRepeated(): string[] {
  const once = /^(?:Create|Switchover|Delete)/;
  const seen = new Map<string, number>();
  for (const { operation, refused, touched } of (stage as Stage).account.rds.journal.mutations)
    if (refused === undefined && once.test(operation)) {
      const call = `${operation} of ${touched[0]?.resourceId}`;
      seen.set(call, (seen.get(call) ?? 0) + 1);
    }
  return [...seen].filter(([, times]) => times > 1).map(([call]) => call);
}
