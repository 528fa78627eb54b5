import { type Kind, kinds } from '../databases.ts';
import { failsAfterwards, lagReads, losesAnswer, onDeployment, refuses, when } from '../faults.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

/** Green has somebody to fail over to: a cluster with readers, or an instance with a standby. */
const only = (kind: Kind): boolean => kind.isCluster || kind === kinds.replica;
const call = /^(RebootDBInstance|FailoverDBCluster)$/;

/** The test of a failover of green. */
export const failover: Scenario[] = [
  {
    what: 'RDS refuses to fail green over',
    only,
    troubles: [refuses(call, 'InvalidParameterCombination')],
    end: ends.green,
    passes: ['Fail over green'],
  },
  {
    what: 'the answer of the failover is lost, and it was done',
    only,
    troubles: [losesAnswer(call, 'done')],
    end: ends.green,
    passes: ['Wait for green after its failover'],
  },
  {
    what: 'the answer of the failover is lost, and it was not done',
    only,
    troubles: [losesAnswer(call, 'not done')],
    end: ends.green,
    passes: ['Wait for green after its failover'],
  },
  {
    what: 'the function that fails green over ends before it says so, once',
    only,
    troubles: [failsAfterwards('failOverGreen', errors.crash, 1)],
    end: ends.green,
    passes: ['Wait for green after its failover'],
  },
  {
    what: 'replication does not come back after the failover of green',
    only,
    troubles: [when('Wait for green after its failover', lagReads('missing'))],
    ...stoppedBy(errors.late),
  },
  {
    what: 'green breaks in its failover',
    only,
    troubles: [
      when(
        'Wait for green after its failover',
        onDeployment((one) => Object.assign(one, { status: 'INVALID_CONFIGURATION' })),
      ),
    ],
    ...stoppedBy(errors.provisioning),
  },
];
