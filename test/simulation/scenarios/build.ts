import {
  crashes,
  failsAfterwards,
  losesAnswer,
  onDeployment,
  onGreen,
  rdsPlays,
  refuses,
  runsFull,
  silent,
  when,
} from '../faults.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

const create = 'CreateBlueGreenDeployment';
/** Green that never becomes ready is given up after six minutes. */
const impatient = { target: { readyWithinHours: 0.1 } };

/** From Create green to the parity check. */
export const build: Scenario[] = [
  { what: 'nothing goes wrong', everywhere: true, end: ends.green },
  {
    what: 'the log that blue keeps for green fills its disk while green is built',
    only: ({ isCluster }) => !isCluster,
    troubles: [when('Wait for green', runsFull)],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'RDS has no capacity for green',
    troubles: [refuses(create, 'InstanceQuotaExceededFault')],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'the function may not create green',
    troubles: [refuses(create, 'AccessDenied')],
    ...stoppedBy(errors.unexpected),
  },
  { what: 'Create is throttled for minutes', troubles: [refuses(create, 'Throttling', 3)], end: ends.green },
  {
    what: 'Create is throttled for good',
    troubles: [refuses(create, 'Throttling')],
    ...stoppedBy(errors.throttled),
  },
  {
    what: 'the answer of Create is lost, and it was done',
    troubles: [losesAnswer(create, 'done')],
    end: ends.green,
  },
  {
    what: 'the answer of Create is lost, and it was not done',
    troubles: [losesAnswer(create, 'not done')],
    end: ends.green,
  },
  {
    what: 'the function that creates green never gets to say so',
    troubles: [failsAfterwards('createGreen', errors.crash)],
    ...stoppedBy(errors.crash),
  },
  {
    what: 'green cannot be built',
    everywhere: true,
    troubles: [rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } })],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'green is never built',
    ask: impatient,
    troubles: [rdsPlays({ moment: 'build', effect: 'never-ends' })],
    ...stoppedBy(errors.late),
  },
  {
    what: 'green is never built, and is to be kept for a look',
    ask: { target: { readyWithinHours: 0.1, keepGreenWhenStopped: true } },
    troubles: [rdsPlays({ moment: 'build', effect: 'never-ends' })],
    ...stoppedBy(errors.late),
  },
  {
    what: 'AVAILABLE comes and goes',
    troubles: [rdsPlays({ moment: 'available', effect: { flapFor: 30_000 } })],
    end: ends.green,
  },
  {
    what: 'a member of green stays at work',
    ask: impatient,
    troubles: [rdsPlays({ moment: 'available', effect: { memberStatus: 'storage-optimization' } })],
    ...stoppedBy(errors.late),
  },
  {
    what: 'a member of green is at work for a quarter of an hour',
    troubles: [rdsPlays({ moment: 'available', effect: { memberStatus: 'modifying', forMs: 900_000 } })],
    end: ends.green,
  },
  {
    what: 'a member of green is full',
    troubles: [rdsPlays({ moment: 'available', effect: { memberStatus: 'storage-full' } })],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'RDS says a status that nobody knows, for a while',
    troubles: [rdsPlays({ moment: 'available', effect: { status: 'POLISHING', forMs: 120_000 } })],
    end: ends.green,
  },
  {
    what: 'RDS says a status that nobody knows, for good',
    ask: impatient,
    troubles: [rdsPlays({ moment: 'available', effect: { status: 'POLISHING' } })],
    ...stoppedBy(errors.late),
  },
  {
    what: 'somebody else deletes the deployment',
    troubles: [
      when(
        'Wait for green',
        onDeployment((one) => Object.assign(one, { status: 'DELETING' })),
        2,
      ),
    ],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'no look at green is ever heard',
    ask: impatient,
    troubles: [silent('waitForGreen')],
    ...stoppedBy(errors.late),
  },
  {
    what: 'every look at green crashes',
    troubles: [crashes('waitForGreen')],
    ...stoppedBy(errors.crash),
  },
  {
    what: 'green has another class than blue',
    everywhere: true,
    troubles: [
      when(
        'Check parity',
        onGreen((instance) => Object.assign(instance, { DBInstanceClass: 'db.t4g.medium' })),
      ),
    ],
    ...stoppedBy(errors.test),
  },
  {
    what: 'green has another class than blue, and that is allowed',
    ask: { tests: { allowDifferences: ['instanceClass'] } },
    troubles: [
      when(
        'Check parity',
        onGreen((instance) => Object.assign(instance, { DBInstanceClass: 'db.t4g.medium' })),
      ),
    ],
    end: ends.green,
  },
  {
    what: 'the parity check crashes every time',
    troubles: [crashes('checkParity')],
    ...stoppedBy(errors.crash),
  },
];
