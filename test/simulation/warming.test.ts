import { afterEach, expect, test } from 'vitest';
import { playGoingBack, playHold } from '../../bench/hold/play.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { awsLatency, tracedCompletion } from '../../rehearsal/aws-latency.ts';
import { kinds } from './databases.ts';
import { alarm, goBackByHand, later, when } from './faults.ts';
import { run } from './run.ts';
import { minute, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const plan = { completionSeconds: tracedCompletion, hooks: false, seed: 1 };
const noneIsCold = { ...awsLatency, cold: awsLatency.warm };

test.each([
  ['the cut', playHold],
  ['going back', playGoingBack],
])('nobody waits in %s for a cold start', async (_, hold) => {
  const held = await hold({ ...plan, latency: awsLatency });
  const warm = await hold({ ...plan, latency: noneIsCold });
  // Looks fall otherwise, but by less than one start.
  expect(held - warm).toBeLessThan(awsLatency.cold - awsLatency.warm);
  expect(warm).toBeGreaterThan(0);
});

test('a function that cannot be warmed stops neither the cut nor going back', async () => {
  stage = await setStage(kinds.postgres);
  const refused: string[] = [];
  stage.warmingRules.push(({ key }) => {
    refused.push(key);
    return { refuse: new AwsError('Lambda.TooManyRequestsException', 'refused by the test') };
  });
  alarm('OK')(stage);
  when('Bake', later(2 * minute, goBackByHand))(stage);
  const { end, error, broken } = await run(stage, {
    bake: { minutes: 20, alarms: ['errors'] },
    wayBack: { login: {}, applicationRoles: ['app'] },
  });
  expect({ end, error, broken }).toMatchObject({ end: 'Went back: blue serves production', broken: [] });
  expect(refused).toEqual(expect.arrayContaining(['startSwitchover', 'openBlueForWrites']));
});
