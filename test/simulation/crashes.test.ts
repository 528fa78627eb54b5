import { afterEach, describe, expect, test } from 'vitest';
import { taskKeys } from '../../deploy/functions.ts';
import { kinds } from './databases.ts';
import { person } from './person.ts';
import { type Ending, finish, type Request, requestOf, start } from './run.ts';
import { ends, errors } from './scenarios/scenario.ts';
import { countAccepted, type Stage, setStage } from './stage.ts';
import { alarm, rdsPlays, type Trouble } from './troubles.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

interface Story {
  name: string;
  kind: (typeof kinds)[keyof typeof kinds];
  ask: Request;
  troubles: Trouble[];
  end: string;
  error: string | undefined;
  /** Functions that are crashed. */
  functions: readonly string[];
}

const cleansUp = ['removeGreen', 'waitForRemoval'];
const changes = [
  'createGreen',
  'startSwitchover',
  'releaseTheDeploymentRecord',
  'takeFinalSnapshot',
  'deleteOldBlue',
];
const whole = { approval: { withinHours: 1 }, bake: { minutes: 2, alarms: ['errors'] } };
const calm = [alarm('OK'), person({ answer: 'approve' })];
const fails = [rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } })];

const stories: Story[] = [
  {
    name: 'a whole run on an instance with a replica',
    kind: kinds.replica,
    ask: { ...whole, oldBlue: kinds.replica.deleteOldBlue },
    troubles: calm,
    end: ends.green,
    error: undefined,
    functions: taskKeys.filter((key) => !cleansUp.includes(key)),
  },
  {
    name: 'a run on an instance whose green cannot be built',
    kind: kinds.replica,
    ask: {},
    troubles: fails,
    end: ends.stopped,
    error: errors.provisioning,
    functions: cleansUp,
  },
  {
    name: 'a whole run on a cluster',
    kind: kinds.auroraPostgres,
    ask: { ...whole, oldBlue: kinds.auroraPostgres.deleteOldBlue },
    troubles: calm,
    end: ends.green,
    error: undefined,
    functions: changes,
  },
  {
    name: 'a run on a cluster whose green cannot be built',
    kind: kinds.auroraPostgres,
    ask: {},
    troubles: fails,
    end: ends.stopped,
    error: errors.provisioning,
    functions: cleansUp,
  },
];

describe.each(stories)('$name', (story) => {
  test.each(story.functions)('ends the same whichever call %s crashes after', async (key) => {
    for (let calls = 0; ; calls += 1) {
      const { ending, crashed } = await runWithCrash(story, key, calls);
      if (!crashed) break;
      const where = `${key} crashed after ${calls} calls`;
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
  });
});

/** The function's first invocation crashes after so many calls, if it makes so many. */
async function runWithCrash(
  story: Story,
  key: string,
  calls: number,
): Promise<{ ending: Ending; crashed: boolean }> {
  stage?.close();
  stage = await setStage(story.kind);
  for (const trouble of story.troubles) trouble(stage);
  let attempts = 0;
  stage.functionRules.push((attempt) => {
    if (attempt.key !== key) return undefined;
    attempts += 1;
    return attempts === 1 ? { crashAfterCalls: calls } : undefined;
  });
  const ending = await finish(stage, start(stage, requestOf(story.kind, story.ask)));
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
