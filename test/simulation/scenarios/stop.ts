import type { StateName } from '../../../functions/domain/model/states.ts';
import {
  crashes,
  later,
  onTheWire,
  pauseRequested,
  rdsPlays,
  refuses,
  resumedAfter,
  stopRequested,
  type Trouble,
  when,
  wireHeals,
} from '../faults.ts';
import { lookAround } from '../reconcile.ts';
import { hour, minute } from '../stage.ts';
import { ends, errors, incompleteBy, type Scenario, stoppedBy } from './scenario.ts';

const cannotBeBuilt = rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } });
const remove = 'DeleteBlueGreenDeployment';

const stopIn = (state: StateName): Trouble => when(state, stopRequested);

/** A person stops the run while it waits. */
const stops: Scenario[] = [
  {
    what: 'a person stops it while green is built',
    troubles: [stopIn('Wait for green')],
    ...stoppedBy(errors.stop),
  },
  {
    what: 'a person stops it while people think',
    ask: { approval: { withinHours: 1 } },
    troubles: [stopIn('Wait for approval')],
    ...stoppedBy(errors.stop),
  },
  {
    what: 'a person stops it before the window',
    ask: { window: { opensAt: '2026-11-21T14:00:00Z', closesAt: '2026-11-21T15:00:00Z' } },
    troubles: [stopIn('Wait for window')],
    ...stoppedBy(errors.stop),
  },
  {
    what: 'a person stops it while green catches up',
    ask: { lag: { maxMiB: 0, maxSeconds: 0 } },
    troubles: [
      ({ account, kind }) => account.cloudWatch.override({ metric: kind.lagMetric, value: 1e12 }),
      stopIn('Wait for replication to catch up'),
    ],
    ...stoppedBy(errors.stop),
  },
  {
    what: 'a person stops it in the bake',
    ask: { bake: { minutes: 60 } },
    troubles: [stopIn('Bake')],
    ...incompleteBy(errors.stop),
  },
  {
    what: 'a person stops it while old blue is kept',
    ask: ({ deleteOldBlue }) => ({ oldBlue: { ...deleteOldBlue, deleteAfterDays: 7 } }),
    troubles: [stopIn('Wait for retention')],
    ...incompleteBy(errors.stop),
  },
];

const pauseIn = (state: StateName): Trouble => when(state, pauseRequested);
const resumed: Trouble = when('Wait to be resumed', resumedAfter(2 * hour));

/** A person pauses the run before the cut. */
const pauses: Scenario[] = [
  {
    what: 'a person pauses it while green is built, and resumes it',
    troubles: [pauseIn('Wait for green'), resumed],
    end: ends.green,
  },
  {
    what: 'a person pauses it while people think, who are asked again and do not answer',
    ask: { approval: { withinHours: 4 } },
    troubles: [pauseIn('Wait for approval'), resumed],
    ...stoppedBy(errors.late),
  },
  {
    what: 'a person pauses it before the window, and resumes it',
    ask: { window: { opensAt: '2026-11-21T14:00:00Z', closesAt: '2026-11-21T20:00:00Z' } },
    troubles: [pauseIn('Wait for window'), resumed],
    end: ends.green,
  },
  {
    what: 'a person pauses it while green catches up, and nobody resumes it',
    ask: { lag: { maxMiB: 0, maxSeconds: 0 } },
    troubles: [
      ({ account, kind }) => account.cloudWatch.override({ metric: kind.lagMetric, value: 1e12 }),
      pauseIn('Wait for replication to catch up'),
    ],
    ...stoppedBy(errors.late),
  },
  {
    what: 'a person stops it while it is paused',
    troubles: [pauseIn('Wait for green'), stopIn('Wait to be resumed')],
    ...stoppedBy(errors.stop),
  },
];

/** Green of a stopped run is to go. */
const removal: Scenario[] = [
  {
    what: 'green cannot be removed for a while',
    troubles: [cannotBeBuilt, refuses(remove, 'Throttling', 3)],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'green cannot be removed',
    troubles: [cannotBeBuilt, refuses(remove, 'AccessDenied')],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'the answer of the removal is lost',
    troubles: [cannotBeBuilt, onTheWire(remove, { after: { drop: true } }, 1)],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'the removal crashes every time',
    troubles: [cannotBeBuilt, crashes('removeGreen')],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'the removal never ends',
    troubles: [
      cannotBeBuilt,
      when('Remove green', ({ account }) =>
        Object.assign(account.rds.timings, { deleteDatabase: 100 * hour, deleteDeployment: 100 * hour }),
      ),
    ],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'every look at the removal crashes',
    troubles: [cannotBeBuilt, crashes('waitForRemoval')],
    ...stoppedBy(errors.provisioning),
  },
];

/** The end cannot be read or told by the run itself; the hourly look of reconcile tells it. */
const telling: Scenario[] = [
  {
    what: 'the outcome cannot be put into words',
    troubles: [crashes('recordOutcome')],
    afterwards: [({ functionRules }) => functionRules.splice(0), lookAround],
    end: ends.green,
  },
  {
    what: 'the outcome of a refused run cannot be put into words',
    ask: { database: 'nowhere' },
    troubles: [crashes('recordOutcome')],
    afterwards: [({ functionRules }) => functionRules.splice(0), lookAround],
    end: ends.refused,
    error: errors.precondition,
  },
  {
    what: 'SNS is down for a few minutes at the end',
    troubles: [when('Notify', refuses('Publish', 'Throttled')), when('Notify', later(3 * minute, wireHeals))],
    end: ends.green,
  },
  {
    what: 'SNS is down at the end of a stopped run',
    troubles: [cannotBeBuilt, when('Notify', refuses('Publish', 'InternalError'))],
    afterwards: [wireHeals, lookAround],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'SNS is down at the end of a run that succeeds',
    troubles: [when('Notify', refuses('Publish', 'InternalError'))],
    afterwards: [wireHeals, lookAround],
    end: ends.green,
  },
  {
    what: 'nothing can be read at the end',
    troubles: [cannotBeBuilt, when('Record outcome', onTheWire(/^Describe/, { before: { drop: true } }))],
    ...stoppedBy(errors.provisioning),
  },
];

/** Runs that a person stops or pauses, what they leave, and how their end is told. */
export const stopAndTell: Scenario[] = [...stops, ...pauses, ...removal, ...telling];
