import type { StateName } from '../../../functions/domain/model/states.ts';
import { sets } from '../../../functions/domain/read-ramp/record.ts';
import { innerFence } from '../databases.ts';
import {
  alarm,
  crashes,
  lagReads,
  later,
  onDeployment,
  refuses,
  silent,
  type Trouble,
  when,
} from '../faults.ts';
import { operatorStops, person } from '../person.ts';
import { answersHeld, leadReads, readersFollow, readersOf, readsCannotBeLed } from '../readers.ts';
import { minute } from '../stage.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

const ramp = { steps: [50, 100], minutesEach: 5 };
const ask = { readRamp: ramp };
const change = 'ChangeResourceRecordSets';

/** No reader may hold an answer that leads to green when its names go: with the cut, and with its removal. */
const readersAreSafe: Trouble = (stage) => {
  const look = () => {
    const { green } = readersOf(stage);
    if (answersHeld(stage).includes(green)) throw new Error('a reader may still be led to green');
  };
  for (const state of ['Start switchover', 'Remove green'] satisfies StateName[]) when(state, look)(stage);
};

/** What is usual on blue is not read from an hour in which readers were on green. */
const baselineIsOfAllReaders: Trouble = when(
  'Take the baseline',
  () => {
    throw new Error('the baseline was taken again');
  },
  2,
);

/** Metrics of every database of green. */
const greenMeasures = (metric: string, value: number): Trouble =>
  onDeployment(({ members }, { account }) => {
    for (const { green } of members) {
      const instance = account.rds.world.instances.find(({ DbiResourceId }) => DbiResourceId === green);
      if (instance)
        account.cloudWatch.override({
          metric,
          value,
          dimensions: { DBInstanceIdentifier: instance.DBInstanceIdentifier },
        });
    }
  });

const watching = (trouble: Trouble, nth = 1): Trouble => when('Watch the reads', trouble, nth);
const isBusy = greenMeasures('CPUUtilization', 95);

export const readRamp: Scenario[] = [
  {
    what: 'readers come to green in two steps, and are back on the name of production before the cut',
    everywhere: true,
    ask,
    troubles: [readersAreSafe],
    end: ends.green,
    passes: ['Lead reads to green', 'Watch the reads', 'Lead reads back', 'Wait for readers to come back'],
  },
  {
    what: 'a step of the readers is bad, and the run stops',
    ask,
    troubles: [readersAreSafe, watching(isBusy, 2)],
    ...stoppedBy(errors.test),
    passes: ['Lead reads back'],
  },
  {
    what: 'a step of the readers is bad, and people let the run go on',
    ask: { readRamp: { ...ramp, onBadStep: 'ask' }, approval: { withinHours: 2 }, bake: { minutes: 2 } },
    troubles: [readersAreSafe, baselineIsOfAllReaders, watching(isBusy), person({ answer: 'approve' })],
    end: ends.green,
    passes: ['Lead reads back', 'Get the approval of every group', 'Take the baseline'],
  },
  {
    what: 'an alarm fires while readers are on green',
    ask: { readRamp: { ...ramp, alarms: ['errors'] } },
    troubles: [readersAreSafe, alarm('OK'), watching(alarm('ALARM'))],
    ...stoppedBy(errors.test),
  },
  {
    what: 'rows of green grow old while readers are there',
    ask,
    troubles: [readersAreSafe, watching(lagReads(1e12))],
    ...stoppedBy(errors.test),
  },
  {
    what: 'green breaks while readers are there',
    ask,
    troubles: [
      readersAreSafe,
      watching(onDeployment((one) => Object.assign(one, { status: 'INVALID_CONFIGURATION' }))),
    ],
    ...stoppedBy(errors.test),
  },
  {
    what: 'green breaks right before readers come to it',
    ask,
    troubles: [
      readersAreSafe,
      when(
        'Lead reads to green',
        onDeployment((one) => Object.assign(one, { status: 'INVALID_CONFIGURATION' })),
      ),
    ],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'a person stops it while readers are on green',
    ask,
    troubles: [readersAreSafe, watching(operatorStops)],
    ...stoppedBy(errors.stop),
    passes: ['Lead reads back', 'Wait for removal'],
  },
  {
    what: 'no look at the readers is ever heard',
    ask,
    troubles: [readersAreSafe, silent('watchTheReads')],
    ...stoppedBy(errors.late),
  },
  {
    what: 'every look at the readers crashes',
    ask,
    troubles: [readersAreSafe, crashes('watchTheReads')],
    ...stoppedBy(errors.crash),
  },
  {
    what: 'readers cannot be led to green',
    ask,
    troubles: [readersAreSafe, refuses(change, 'AccessDenied')],
    ...stoppedBy(errors.unexpected),
  },
  {
    what: 'Route 53 is busy while readers are led',
    ask,
    troubles: [readersAreSafe, refuses(change, 'PriorRequestNotComplete', 3)],
    end: ends.green,
  },
  {
    what: 'name servers never answer that readers are led to green',
    ask,
    troubles: [
      readersAreSafe,
      ({ account: { route53 } }) => {
        route53.behaviour.propagation = Number.POSITIVE_INFINITY;
      },
    ],
    ...stoppedBy(errors.late),
  },
  {
    what: 'somebody else leads the readers elsewhere while they are on green',
    ask,
    troubles: [
      readersAreSafe,
      watching(leadReads([{ identifier: sets.production, target: 'dr.example.org' }])),
    ],
    ...stoppedBy(errors.unexpected),
    passes: ['Wait for removal'],
  },
  {
    what: 'somebody leads the readers to green again while they come back',
    ask,
    troubles: [
      when('Wait for readers to come back', (stage) =>
        leadReads([{ identifier: sets.green, weight: 100, target: readersOf(stage).green }])(stage),
      ),
    ],
    ...stoppedBy(errors.unexpected),
  },
  {
    what: 'the record of the readers is a simple one',
    ask,
    troubles: [leadReads([])],
    end: ends.refused,
    error: errors.precondition,
  },
];

/** Production goes back by itself, and the readers with it. */
const goesBack: Pick<Scenario, 'ask' | 'only' | 'end' | 'error'> = {
  ask: ({ isCluster }) => ({
    ...(isCluster && { oldBlue: { fenceSecurityGroup: innerFence } }),
    readRamp: { steps: [100], minutesEach: 5 },
    approval: { required: false, withinHours: 1 },
    bake: { minutes: 20, alarms: ['errors'] },
    wayBack: { login: {}, applicationRoles: ['app'], secureWithinMinutes: 1, onFailure: 'go-back' },
  }),
  only: (kind) => kind.goesBack === true,
  end: ends.wentBack,
  error: errors.test,
};
const fires = [alarm('OK'), when('Bake', later(2 * minute, alarm('ALARM')))];

/** Readers of a production that goes back. Their record may not keep writes from going back. */
export const readersGoBack: Scenario[] = [
  {
    what: 'production goes back, and the readers with it',
    ...goesBack,
    everywhere: true,
    troubles: [readersAreSafe, ...fires],
    afterwards: [readersFollow],
  },
  {
    what: 'production goes back, and the record of the readers cannot be changed',
    ...goesBack,
    troubles: [...fires, when('Wait for going back', readsCannotBeLed)],
  },
  {
    what: 'production goes back, and somebody else has led the readers elsewhere',
    ...goesBack,
    troubles: [
      ...fires,
      when('Bake', leadReads([{ identifier: sets.production, target: 'dr.example.org' }])),
    ],
  },
];
