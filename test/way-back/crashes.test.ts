import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInputProblems } from '../../functions/domain/way-back-flow-order.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => {
  expect(stage.doubleWriters()).toEqual([]);
  stage.close();
});

const went = 'Went back: blue serves production';

/** Every function on the way that asks or changes something. */
const functionsOnTheWay = [
  'refreshTheStatisticsOfGreen',
  'holdApplicationWrites',
  'countChangesAfterTheCut',
  'secureTheWayBack',
  'releaseApplicationWrites',
  'attachTheRollbackTarget',
  'bake',
  'waitForGoingBack',
  'readTheRun',
  'fenceNewProduction',
  'waitForTheLastChanges',
  'checkForOtherWriters',
  'compareBothSides',
  'detachTheRollbackTarget',
  'setTheSequences',
  'swapTheEndpoint',
  'waitForTheEndpoint',
  'openBlueForWrites',
  'verifyGoingBack',
  'closeTheWayBack',
];

/** One run that an alarm sends back. */
async function runAndGoBack(): Promise<void> {
  const run = stage.start({ onFailure: 'go-back' });
  await stage.until(run, 'Bake');
  await stage.alarm('ALARM');
  expect(await stage.finish(run)).toBe(went);
  expect(stage.goingsBack()).toHaveLength(1);
  expectBlueAlone();
}

function expectBlueAlone(): void {
  expect(stage.serves()).toBe('blue');
  expect(stage.plane.writable()).toEqual([stage.plane.leadsTo('orders')]);
  expect(stage.databases.leftovers()).toEqual([]);
}

describe.each(functionsOnTheWay)('a crash of %s', (name) => {
  it.each([0, 1, 2])('after %i of its calls changes nothing of the end', async (calls) => {
    stage.interfere = (key, invocation) =>
      key === name && invocation === 1 ? { crashAfterCalls: calls } : undefined;
    await runAndGoBack();
  });

  it('after its work, before its answer is heard, changes nothing of the end', async () => {
    stage.interfere = (key, invocation) =>
      key === name && invocation === 1
        ? { replaceResult: { errorType: 'Lambda.Unknown', errorMessage: 'lost' } }
        : undefined;
    await runAndGoBack();
  });
});

describe('an execution that goes back and is killed', () => {
  it.each([
    'Fence new production',
    'Wait for the last changes',
    'Compare both sides',
    'Set the sequences',
    'Swap the endpoint',
    'Wait for the endpoint',
    'Open blue for writes',
    'Verify going back',
  ])('in "%s" is finished by another one that a person starts', async (state) => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    const killed = stage.goBack(run);
    await stage.until(killed, state);
    await stage.clock.run(stage.account.states.stopExecution(killed));
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    expectBlueAlone();
  });
});

describe('the input of going back', () => {
  const { properties, required, additionalProperties } = JSON.parse(
    readFileSync(new URL('../../docs/roll-back.schema.json', import.meta.url), 'utf8'),
  );
  const executionArn =
    'arn:aws:states:eu-west-1:111122223333:execution:viridian-dev-blue-green-deployment:one';
  const acceptLoss = { statement: 'lose', by: 'ada' };
  const good = { executionArn, requestedBy: 'ops', compare: 'none', acceptLoss };

  it('has the fields of the published schema, and no others', () => {
    expect([required, additionalProperties, properties.acceptLoss.additionalProperties]).toEqual([
      ['executionArn'],
      false,
      false,
    ]);
    expect(Object.keys(properties)).toEqual(Object.keys(good));
    expect(Object.keys(properties.acceptLoss.properties)).toEqual(Object.keys(good.acceptLoss));
    for (const compare of properties.compare.enum)
      expect(findInputProblems({ ...good, compare })).toEqual([]);
    expect(new RegExp(properties.executionArn.pattern).test(executionArn)).toBe(true);
  });
});
