import { fence, innerFence, type Kind } from '../databases.ts';
import {
  alarm,
  all,
  crashes,
  databasesAnswer,
  databasesAnswerAgain,
  goBackByHand,
  later,
  metricReads,
  rdsPlays,
  refuses,
  silent,
  stopRequested,
  stream,
  type Trouble,
  when,
} from '../faults.ts';
import { person } from '../person.ts';
import type { Request } from '../run.ts';
import { hour, minute } from '../stage.ts';
import { besideBlue, isBeside } from './put-back.ts';
import { ends, errors, incompleteBy, type Scenario, stoppedBy } from './scenario.ts';

const only = ({ goesBack }: Kind) => goesBack === true;
const bake = { minutes: 20, alarms: ['errors'] };
const approval = { required: false, withinHours: 1 };
const wayBack = { login: {}, applicationRoles: ['app'], secureWithinMinutes: 1 };
const open = { wayBack, bake, approval };
const askedPeople = { ...open, approval: { ...approval, required: true } };
const backAtOnce = { ...open, wayBack: { ...wayBack, onFailure: 'go-back' } };

const no = { kind: 'refused', code: 'foreign', because: 'the database says no' } as const;
/** The login is refused, and somebody mends it later. */
const signIn = { kind: 'failed', code: '28P01', because: 'the sign-in was refused' } as const;
const fires = when('Bake', later(2 * minute, alarm('ALARM')));
const breaks = when('Bake', later(2 * minute, stream(true)));

const afterCut = (seconds: number) =>
  rdsPlays({ moment: 'names-after-cut', effect: { staleForMs: seconds * 1_000 } });
const afterRename = (minutes: number) =>
  rdsPlays({ moment: 'names-after-rename', effect: { staleForMs: minutes * minute } });

/** The databases say nothing before RDS is done. */
const onlyAfterwards = databasesAnswer('takes-writes', {
  kind: 'failed',
  code: 'ECONNREFUSED',
  because: 'no',
});

/** Setting it up in the cut. Whatever goes wrong costs the way back, never the run. */
const secured: Scenario[] = [
  {
    what: 'a way back is secured, watched and closed',
    end: ends.green,
    passes: ['Attach the rollback target', 'Close the way back'],
  },
  {
    what: 'RDS does not end the switchover in its time while new production is looked for',
    troubles: [rdsPlays({ moment: 'cut', effect: { timesOut: true } })],
    end: ends.rolledBack,
    error: errors.rolledBack,
  },
  {
    what: 'RDS puts the switchover back after green took writes',
    troubles: [rdsPlays({ moment: 'opened', effect: { putBackAfterMs: 10_000 } })],
    end: ends.rolledBack,
    error: errors.rolledBack,
  },
  {
    what: 'nobody can look whether there is a way back',
    troubles: [crashes('checkTheWayBack')],
    end: ends.green,
  },
  {
    what: 'the writes of the application cannot be held',
    troubles: [databasesAnswer('hold-writes', no)],
    ...stoppedBy(errors.test),
  },
  {
    what: 'held writes cannot be released when the switchover is refused for good',
    troubles: [refuses('SwitchoverBlueGreenDeployment', 'AccessDenied'), crashes('releaseApplicationWrites')],
    ...stoppedBy(errors.busy),
  },
  {
    what: 'changes after the cut cannot be counted',
    troubles: [onlyAfterwards, crashes('countChangesAfterTheCut')],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'the way back cannot be secured',
    troubles: [databasesAnswer('secure', no)],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'nobody hears whether the way back is secured',
    troubles: [silent('secureTheWayBack')],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'names lead to old blue for half a minute after the cut',
    troubles: [afterCut(33)],
    end: ends.green,
    passes: ['Attach the rollback target', 'Close the way back'],
  },
  {
    what: 'names lead to old blue for two minutes after the cut, longer than writes may be held for a way back',
    troubles: [onlyAfterwards, afterCut(120)],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'names lead to old blue for two minutes after the cut, and green answers by its own',
    troubles: [afterCut(120)],
    end: ends.green,
    // Where nobody is held new production is not sought before RDS is done.
    only: ({ family }) => family === 'postgresql',
    passes: ['Attach the rollback target', 'Close the way back'],
  },
  {
    what: 'new production does not say before RDS is done that it takes writes',
    troubles: [onlyAfterwards],
    end: ends.green,
    passes: ['Count changes after the cut', 'Attach the rollback target', 'Close the way back'],
  },
  {
    what: 'nothing tells the two servers apart',
    troubles: [databasesAnswer('distinguish', no)],
    end: ends.green,
    passes: ['Close old blue'],
  },
  {
    what: 'the rollback target cannot be attached',
    troubles: [crashes('attachTheRollbackTarget')],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'a way back that is lost can be neither closed nor told',
    troubles: [crashes('attachTheRollbackTarget'), crashes('closeTheWayBack'), crashes('announce')],
    ...incompleteBy(errors.crash),
    breaks: ['I11'],
  },
  {
    what: 'the writes of the application stay held after the cut for as long as the run lives',
    troubles: [crashes('releaseApplicationWrites')],
    ...incompleteBy(errors.crash),
    passes: ['Announce that writes are held'],
    breaks: ['I11'],
  },
  {
    what: 'the writes of the application are released after three hours in which the sign-in was refused',
    troubles: [
      when(
        'Release application writes',
        all(
          databasesAnswer('release-writes', signIn),
          later(3 * hour, databasesAnswerAgain('release-writes')),
        ),
      ),
    ],
    end: ends.green,
    passes: ['Announce that writes are held', 'Attach the rollback target'],
  },
  {
    what: 'writes stay held for an hour, and nobody can be told',
    troubles: [
      crashes('announce'),
      when(
        'Release application writes',
        all(databasesAnswer('release-writes', signIn), later(hour, databasesAnswerAgain('release-writes'))),
      ),
    ],
    end: ends.green,
    passes: ['Announce that writes are held', 'Attach the rollback target'],
  },
];

const watched: Scenario[] = [
  {
    what: 'the stream breaks in the bake',
    troubles: [breaks],
    end: ends.green,
    passes: ['Close the broken way back', 'Announce that the way back broke'],
  },
  {
    what: 'the stream is in doubt for two minutes',
    troubles: [breaks, when('Bake', later(4 * minute, stream(false)))],
    end: ends.green,
  },
  {
    what: 'a broken way back can be neither closed nor told',
    troubles: [breaks, crashes('closeTheWayBack'), crashes('announce')],
    ...incompleteBy(errors.crash),
    breaks: ['I11'],
  },
  {
    what: 'the way back cannot be closed at the end of the bake',
    troubles: [crashes('closeTheWayBack')],
    ...incompleteBy(errors.crash),
    breaks: ['I11'],
  },
  {
    what: 'the verification fails while there is a way back',
    troubles: [crashes('verifyProduction')],
    ...incompleteBy(errors.crash),
    passes: ['Ask whether to go back'],
  },
];

/** It is an execution of its own, and goes on without the run. */
const goingBackEnds: Trouble = ({ clock }) => clock.run(clock.sleep(hour));

const becomesSick = when('Bake', later(2 * minute, metricReads('WriteLatency', 0.5)));
const nothingKnown = when('Bake', metricReads('WriteLatency', 'missing'));

const wentBack = { end: ends.wentBack, error: errors.test };

const going: Scenario[] = [
  {
    what: 'a failed bake goes back by itself',
    ask: backAtOnce,
    troubles: [fires],
    ...wentBack,
    everywhere: true,
  },
  {
    what: 'a failed bake goes back by itself, and blue has IAM roles',
    ask: backAtOnce,
    troubles: [besideBlue, fires],
    ...wentBack,
    afterwards: isBeside,
  },
  {
    what: 'a database that became sick goes back by itself',
    ask: backAtOnce,
    troubles: [becomesSick],
    ...wentBack,
  },
  {
    what: 'going back, names lead to new production for ten minutes after each rename',
    ask: backAtOnce,
    troubles: [afterCut(33), afterRename(10), fires],
    ...wentBack,
  },
  {
    what: 'a database that became sick asks, and nobody answers',
    troubles: [becomesSick],
    ...incompleteBy(errors.test),
    passes: ['Ask whether to go back'],
  },
  {
    what: 'an undecided bake asks even where a failure would go back, and nobody answers',
    ask: backAtOnce,
    troubles: [nothingKnown],
    ...incompleteBy(errors.late),
    passes: ['Ask whether to go back'],
  },
  {
    what: 'an undecided bake asks, and somebody goes back by hand',
    troubles: [nothingKnown, when('Wait for a decision', later(5 * minute, goBackByHand))],
    end: ends.wentBack,
    error: errors.late,
  },
  {
    what: 'an undecided bake asks, and somebody says that production stays',
    troubles: [nothingKnown, when('Wait for a decision', stopRequested)],
    ...incompleteBy(errors.late),
  },
  {
    what: 'somebody goes back by hand in the bake',
    troubles: [when('Bake', later(2 * minute, goBackByHand))],
    end: ends.wentBack,
    error: errors.stop,
  },
  { what: 'a failed bake asks, and nobody answers', troubles: [fires], ...incompleteBy(errors.test) },
  {
    what: 'a failed bake asks, and somebody goes back by hand',
    troubles: [fires, when('Wait for a decision', later(5 * minute, goBackByHand))],
    ...wentBack,
  },
  {
    what: 'a failed bake asks, and the question cannot be sent',
    troubles: [fires, crashes('announce')],
    ...incompleteBy(errors.test),
  },
  {
    what: 'a failed bake asks the people of the approval, who say yes',
    ask: askedPeople,
    troubles: [person({ answer: 'approve' }), fires],
    ...wentBack,
    passes: ['Ask the people of the approval'],
  },
  {
    what: 'a failed bake asks the people of the approval, and the execution that asks cannot be started',
    ask: askedPeople,
    troubles: [person({ answer: 'approve' }), fires, withoutGoingBack()],
    ...incompleteBy(errors.test),
    passes: ['Ask the people of the approval'],
  },
  {
    what: 'a failed bake goes back at once, and nobody can be told',
    ask: backAtOnce,
    troubles: [fires, crashes('announce')],
    ...wentBack,
  },
  {
    what: 'the stream breaks while people decide',
    troubles: [fires, when('Wait for a decision', stream(true))],
    ...incompleteBy(errors.test),
  },
  {
    what: 'a person stops the run while people decide',
    troubles: [fires, when('Wait for a decision', stopRequested)],
    ...incompleteBy(errors.test),
  },
  {
    what: 'every look for a decision crashes',
    troubles: [fires, crashes('waitForADecision')],
    ...incompleteBy(errors.test),
  },
  {
    what: 'the execution that goes back cannot be started',
    ask: backAtOnce,
    troubles: [fires, withoutGoingBack()],
    ...incompleteBy(errors.test),
    passes: ['Ask whether to go back'],
  },
  {
    what: 'going back stays on new production',
    ask: backAtOnce,
    troubles: [fires, ({ databases }) => Object.assign(databases.behaviour, { differing: 1 })],
    ...incompleteBy(errors.test),
    everywhere: true,
  },
  {
    what: 'going back stays on new production as often as it is tried',
    ask: backAtOnce,
    troubles: [
      fires,
      // A drain that does not end takes a quarter of an hour, so that the run sees the execution that a person started.
      ({ databases }) => Object.assign(databases.behaviour, { drains: false }),
      // Far apart: writes may be stopped for twenty minutes an hour.
      ...[1, 2, 3].map((nth) =>
        when('May going back be tried again?', later(50 * minute, goBackByHand), nth),
      ),
    ],
    ...incompleteBy(errors.test),
  },
  {
    what: 'every look at going back crashes',
    ask: backAtOnce,
    troubles: [fires, crashes('waitForGoingBack')],
    afterwards: [goingBackEnds],
    end: ends.backUnknown,
    error: errors.unknown,
    serves: 'blue',
  },
  {
    what: 'no look at going back is ever heard',
    ask: backAtOnce,
    troubles: [fires, silent('waitForGoingBack')],
    end: ends.backUnknown,
    error: errors.unknown,
    serves: 'blue',
  },
];

/** Step Functions refuses to start anything. */
function withoutGoingBack(): Trouble {
  return ({ account }) => {
    const start = account.states.startExecution.bind(account.states);
    account.states.startExecution = (given) => {
      if (given.stateMachineArn === account.rollBackMachineArn)
        throw Object.assign(new Error('refused by the test'), { name: 'StateMachineDeleting' });
      return start(given);
    };
  };
}

/** There can be no way back, but the databases of an instance can be asked to close old blue. */
const notSetUp: Trouble = ({ databases }) => {
  databases.behaviour.facts = { missing: ['a statement of the setup'] };
};

const closed: Scenario[] = [
  {
    what: 'old blue is closed where no way back can be had',
    troubles: [notSetUp],
    ask: { ...open, wayBack: { login: {} } },
    end: ends.green,
    passes: ['Close old blue'],
  },
  {
    what: 'old blue cannot be closed, and the run goes on',
    troubles: [notSetUp, crashes('fenceTheRollbackTarget')],
    ask: { ...open, wayBack: { login: {} } },
    end: ends.green,
    passes: ['Close old blue'],
  },
];

/** A clone that RDS gives up. */
const cloneFails: Trouble = ({ account: { rds } }) => {
  const ids = rds.journal
    .accepted('RestoreDBClusterToPointInTime')
    .map(({ touched }) => touched[0]?.resourceId);
  const clone = rds.world.clusters.find(({ DbClusterResourceId }) => ids.includes(DbClusterResourceId));
  if (clone) clone.Status = 'cloning-failed';
};

/** Its target on Aurora. Whatever goes wrong with the clone costs the way back, never the run. */
const cloned: Scenario[] = [
  {
    what: 'the way back leads to a clone, which is removed when nobody needs it',
    end: ends.green,
    passes: ['Make the rollback target', 'Fence the rollback target', 'Remove the rollback target'],
  },
  {
    what: 'RDS does not clone old blue',
    troubles: [refuses('RestoreDBClusterToPointInTime', 'DBClusterQuotaExceededFault')],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'the clone gets no instance',
    troubles: [refuses('CreateDBInstance', 'InsufficientDBInstanceCapacityFault')],
    end: ends.green,
    passes: ['Give up the way back', 'Remove the rollback target'],
  },
  {
    what: 'the clone comes to nothing',
    troubles: [when('Wait for the rollback target', cloneFails)],
    end: ends.green,
    passes: ['Give up the way back', 'Remove the rollback target'],
  },
  {
    what: 'nobody hears whether the clone is made',
    troubles: [silent('waitForTheRollbackTarget')],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'a person stops the run while the clone is made',
    troubles: [when('Wait for the rollback target', stopRequested)],
    end: ends.green,
    passes: ['Give up the way back'],
  },
  {
    what: 'the clone cannot be closed for writing',
    troubles: [databasesAnswer('fence', no)],
    end: ends.green,
    passes: ['Give up the way back', 'Remove the rollback target'],
  },
  {
    what: 'the clone stands behind a fence that keeps out the function, too',
    ask: { ...open, oldBlue: { fenceSecurityGroup: fence } },
    end: ends.green,
    passes: ['Give up the way back', 'Remove the rollback target'],
  },
  {
    what: 'the clone cannot be removed',
    troubles: [crashes('removeTheRollbackTarget')],
    ...incompleteBy(errors.crash),
  },
  {
    what: 'old blue is deleted after its clone',
    ask: { ...open, oldBlue: { fenceSecurityGroup: innerFence, deleteAfterDays: 0 } },
    end: ends.green,
    passes: ['Remove the rollback target', 'Delete old blue'],
  },
];

/** What has nothing to do with the target is played once. */
const onRds = (kind: Kind) => only(kind) && !kind.isCluster;
const onAurora = (kind: Kind) => only(kind) && kind.isCluster;

/** The way back, from the cut to the end of the bake, and going back by it. */
export const wayBacks: Scenario[] = [
  ...[...secured, ...closed, ...watched].map((scenario) => ({
    ...scenario,
    only: (kind: Kind) => onRds(kind) && scenario.only?.(kind) !== false,
  })),
  ...going.map((scenario) => ({ ...scenario, only })),
  ...cloned.map((scenario) => ({ ...scenario, only: onAurora })),
].map((scenario) => ({
  ...scenario,
  ask: (kind: Kind) => ({
    ...(kind.isCluster && { oldBlue: { fenceSecurityGroup: innerFence } }),
    ...((scenario.ask as Request | undefined) ?? open),
  }),
  troubles: [alarm('OK'), ...(scenario.troubles ?? [])],
}));
