import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { FunctionKey } from '../../deploy/functions.ts';
import { tasksOf } from '../../deploy/machine.ts';
import { findInputProblems } from '../../functions/domain/way-back/roll-back-input.ts';
import { behindRecord, innerFence, type Kind, kinds } from '../simulation/databases.ts';
import { alarm, later, type Trouble, when } from '../simulation/faults.ts';
import { leadReaders } from '../simulation/play.ts';
import { readersFollow } from '../simulation/readers.ts';
import { finish, type Request, readEnding, requestOf, start } from '../simulation/run.ts';
import { ends } from '../simulation/scenarios/scenario.ts';
import { countAccepted, hour, minute, type Stage, setStage } from '../simulation/stage.ts';
import { type Comeback, type KilledFunctions, KillPoints } from './kill-points.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

/** A run with a way back, and whoever dies in it. */
interface Story {
  killed: KilledFunctions;
  /** What makes it go back by itself. */
  trouble?: Trouble;
  /** Of the request. */
  more?: Request;
  end: string;
}

const fires = when('Bake', later(minute, alarm('ALARM')));

/** Functions of the run that set the way back up, watch it and wait for its end. */
const inTheRun: FunctionKey[] = [
  'checkTheWayBack',
  'refreshTheStatisticsOfGreen',
  'holdApplicationWrites',
  'secureTheWayBack',
  'releaseApplicationWrites',
  'findWhereConsumersGoOn',
  'attachTheRollbackTarget',
  'bake',
  'waitForGoingBack',
];
/** The same on Aurora only. */
const ofTheClone: FunctionKey[] = [
  'makeTheRollbackTarget',
  'waitForTheRollbackTarget',
  'fenceTheRollbackTarget',
];

const definition = readFileSync(new URL('../../statemachine/roll-back.asl.json', import.meta.url), 'utf8');
/** Functions that an execution invokes in some cases only. */
const onlyWhen: Partial<Record<FunctionKey, (kind: Kind, comeback: Comeback) => boolean>> = {
  attachTheRollbackTarget: (_, comeback) => comeback === 'started anew',
  // The bake itself decides here, which needs no yes of a person.
  askForApproval: () => false,
  waitForApproval: () => false,
  waitForTheDnsTtl: ({ record }) => record !== undefined,
  stateTheLoss: () => false,
  stayOnNewProduction: () => false,
};
/** What is another matter by a record and on Aurora. An execution that is started anew takes its time, so only that dies there. */
const ofTheKind: FunctionKey[] = [
  'swapTheEndpoint',
  'waitForTheEndpoint',
  'waitForTheDnsTtl',
  'admitTheApplication',
  'openBlueForWrites',
];

function goesBack(kind: Kind, comeback: Comeback): Story {
  const back = tasksOf(definition).filter((key) => onlyWhen[key]?.(kind, comeback) ?? true);
  const run = [...inTheRun, ...(kind.isCluster ? ofTheClone : [])];
  const some = kind === kinds.postgres ? back : back.filter((key) => ofTheKind.includes(key));
  return {
    killed: comeback === 'started anew' ? { run: [], back: some } : { run, back },
    trouble: fires,
    end: ends.wentBack,
  };
}

/** The tables differ, so that production stays where it is. */
const stays: Story = {
  killed: { run: [], back: ['stateTheLoss', 'stayOnNewProduction'] },
  trouble: (on) => {
    Object.assign(on.databases.behaviour, { differing: 1 });
    fires(on);
  },
  end: ends.incomplete,
};

/** Nobody needs the way back, and its clone. */
const closes: Story = {
  killed: { run: ['closeTheWayBack', 'removeTheRollbackTarget'], back: [] },
  end: ends.green,
};

const ask = (kind: Kind, story: Story, { account: { record } }: Stage): Request => ({
  ...story.more,
  approval: { required: false, withinHours: 1 },
  bake: { minutes: 20, alarms: ['errors'] },
  consumers: ['cdc'],
  ...(kind.isCluster && { oldBlue: { fenceSecurityGroup: innerFence } }),
  wayBack: {
    login: {},
    applicationRoles: ['app'],
    ...(record && { endpoint: { kind: 'route53', ...record } }),
    ...(story.trouble && { onFailure: 'go-back' }),
  },
});

/** Plays a story in which functions die, and holds its end and every invariant against what it says. */
async function play(kind: Kind, comeback: Comeback, story: Story): Promise<Stage> {
  const on = await setStage(kind);
  stage = on;
  alarm('OK')(on);
  story.trouble?.(on);
  const deaths = new KillPoints(on, comeback, story.killed);
  const run = start(on, requestOf(kind, { ...ask(kind, story, on), ...leadReaders(on, story.more) }));
  await lastEnd(on, run);
  expect(deaths.spared).toEqual([]);
  const { end, broken } = readEnding(on, run);
  expect({ end, broken }).toEqual({ end: story.end, broken: [] });
  expect(on.databases.leftovers()).toEqual([]);
  expect(on.databases.losses).toEqual([]);
  return on;
}

/** A run that was stopped with its function is taken up again: its last end counts. */
async function lastEnd(on: Stage, run: string): Promise<void> {
  const status = () => on.account.states.describeExecution(run).status ?? '';
  while (['RUNNING', 'ABORTED'].includes(status())) {
    await finish(on, run);
    await on.clock.run(on.clock.sleep(500));
  }
}

describe.each<Comeback>(['retried', 'redriven', 'started anew'])(
  'every function dies in every place and is %s',
  (comeback) => {
    it.each([kinds.postgres, behindRecord, kinds.auroraPostgres, kinds.mariadb, kinds.auroraMysql])(
      'and going back ends as if none had: $name',
      async (kind) => {
        const on = await play(kind, comeback, goesBack(kind, comeback));
        expect(countAccepted(on, 'RestoreDBClusterToPointInTime')).toBe(kind.isCluster ? 1 : 0);
      },
    );

    it('and staying on new production ends as if none had', async () => {
      await play(kinds.postgres, comeback, stays);
    });
  },
);

/** Readers come by a record of their own, which is led to blue with production. */
const readersGoBack = (kind: Kind, comeback: Comeback): Story => ({
  ...goesBack(kind, comeback),
  killed: { run: [], back: ['swapTheEndpoint', 'waitForTheEndpoint'] },
  more: { readRamp: { steps: [100], minutesEach: 5 } },
});

describe.each([behindRecord, kinds.mysql, kinds.auroraPostgres])('readers of $name', (kind) => {
  it.each<Comeback>(['retried', 'redriven', 'started anew'])(
    'are led to blue though what leads them dies in every place and is %s',
    async (comeback) => {
      await readersFollow(await play(kind, comeback, readersGoBack(kind, comeback)));
    },
  );
});

it.each<Comeback>(['retried', 'redriven'])(
  'a way back that nobody needs is closed, and its clone removed, when that dies in every place and is %s',
  async (comeback) => {
    const { account, clock } = await play(kinds.auroraPostgres, comeback, closes);
    await clock.run(clock.sleep(hour));
    const made = account.rds.journal
      .accepted('RestoreDBClusterToPointInTime')
      .flatMap(({ touched }) => touched);
    const there = account.rds.world.clusters.map(({ DbClusterResourceId }) => DbClusterResourceId);
    expect(made.map(({ resourceId }) => there.includes(resourceId))).toEqual([false]);
  },
);

describe('the input of going back', () => {
  const { properties, required, additionalProperties } = JSON.parse(
    readFileSync(new URL('../../docs/roll-back.schema.json', import.meta.url), 'utf8'),
  );
  const executionArn =
    'arn:aws:states:eu-west-1:111122223333:execution:viridian-dev-blue-green-deployment:one';
  const acceptLoss = { statement: 'lose' };
  const good = { executionArn, requestedBy: 'ops', requestSeal: 'seal', compare: 'none', acceptLoss };

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
