import { kinds } from '../databases.ts';
import {
  addToBlue,
  alarm,
  all,
  blueFailsOver,
  blueGets,
  crashes,
  lagReads,
  later,
  onBlue,
  onDeployment,
  onGreen,
  refuses,
  runsFull,
  silent,
  type Trouble,
  when,
} from '../faults.ts';
import { person } from '../person.ts';
import { beginning, hour, minute } from '../stage.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

const asked = { approval: { withinHours: 1 } };
const twoGroups = { approval: { withinHours: 1, groups: [{ name: 'owners' }, { name: 'operators' }] } };
const at = (milliseconds: number) => new Date(beginning + milliseconds).toISOString();
const setStatus = (DBInstanceStatus: string) =>
  onGreen((instance) => Object.assign(instance, { DBInstanceStatus }));

const approval: Scenario[] = [
  { what: 'a person approves', ask: asked, troubles: [person({ answer: 'approve' })], end: ends.green },
  {
    what: 'a person rejects',
    ask: asked,
    troubles: [person({ answer: 'reject' })],
    ...stoppedBy(errors.denied),
  },
  {
    what: 'a person stops the run by the link of the question',
    ask: asked,
    troubles: [person({ answer: 'stop' })],
    ...stoppedBy(errors.stop),
  },
  {
    what: 'blue gets a zero-ETL integration while people decide',
    ask: asked,
    troubles: [
      when(
        'Ask for approval',
        addToBlue(({ rds: { world } }, arn) =>
          world.integrations.push({ IntegrationName: 'to-redshift', SourceArn: arn }),
        ),
      ),
      person({ answer: 'approve' }),
    ],
    ...stoppedBy(errors.test),
  },
  { what: 'nobody answers', ask: asked, ...stoppedBy(errors.late) },
  {
    what: 'a person answers after the reminder',
    ask: asked,
    troubles: [person({ answer: 'approve', to: 'remind' })],
    end: ends.green,
    passes: ['Remind of the question'],
  },
  {
    what: 'a person answers after the escalation',
    ask: asked,
    troubles: [person({ answer: 'approve', to: 'escalate' })],
    end: ends.green,
    passes: ['Remind of the question', 'Escalate the question'],
  },
  {
    what: 'both groups approve',
    ask: twoGroups,
    troubles: [
      person({ answer: 'approve', group: 'owners' }),
      person({ answer: 'approve', group: 'operators', name: 'Alice Example', after: 20 * minute }),
    ],
    end: ends.green,
  },
  {
    what: 'one of two groups rejects',
    ask: twoGroups,
    troubles: [
      person({ answer: 'approve', group: 'owners' }),
      person({ answer: 'reject', group: 'operators', name: 'Alice Example', after: 20 * minute }),
    ],
    ...stoppedBy(errors.denied),
  },
  {
    what: 'one of two groups never answers',
    ask: twoGroups,
    troubles: [person({ answer: 'approve', group: 'owners' })],
    ...stoppedBy(errors.late),
  },
  {
    what: 'green is changed while people think',
    everywhere: true,
    ask: asked,
    troubles: [
      when(
        'Wait for approval',
        onGreen((instance) => Object.assign(instance, { DBInstanceClass: 'db.t4g.medium' })),
        3,
      ),
    ],
    ...stoppedBy(errors.unexpected),
  },
  {
    what: 'the log that blue keeps for green fills its disk while people think',
    only: ({ isCluster }) => !isCluster,
    ask: asked,
    troubles: [when('Wait for approval', runsFull, 2)],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'RDS cannot be read while people think',
    ask: asked,
    troubles: [
      when('Wait for approval', refuses('DescribeBlueGreenDeployments', 'Throttling', 9), 2),
      person({ answer: 'approve', after: 30 * minute }),
    ],
    end: ends.green,
  },
  {
    what: 'nobody is subscribed to the questions',
    ask: asked,
    troubles: [({ account: { sns, topics } }) => sns.unsubscribeAll(topics.approvals)],
    end: ends.refused,
    error: errors.precondition,
  },
  {
    what: 'nobody is subscribed to the questions any more',
    ask: asked,
    troubles: [
      when('Wait for green', ({ account: { sns, topics } }) => sns.unsubscribeAll(topics.approvals)),
    ],
    ...stoppedBy(errors.unexpected),
  },
  {
    what: 'the question cannot be sent',
    ask: asked,
    troubles: [crashes('askForApproval')],
    ...stoppedBy(errors.crash),
  },
  {
    what: 'every look at the facts crashes while people think',
    ask: asked,
    troubles: [crashes('waitForApproval')],
    ...stoppedBy(errors.crash),
  },
];

const windows: Scenario[] = [
  {
    what: 'the weekly window opens tonight',
    ask: { window: { timeZone: 'Europe/Berlin', days: ['Sat'], from: '23:00', to: '03:00' } },
    troubles: [opensAt(10 * hour)],
    end: ends.green,
  },
  {
    what: 'the window opens in two hours',
    ask: { window: { opensAt: at(2 * hour), closesAt: at(3 * hour) } },
    troubles: [opensAt(2 * hour)],
    end: ends.green,
  },
  {
    what: 'the window closes while green is built',
    ask: { window: { opensAt: at(0), closesAt: at(21 * minute) } },
    troubles: [
      // It has room when the run begins, and none when green is ready.
    ],
    ...stoppedBy(errors.late),
  },
  {
    what: 'nobody answers before the window has no room left',
    ask: { ...asked, window: { opensAt: at(0), closesAt: at(50 * minute) } },
    ...stoppedBy(errors.late),
  },
  {
    what: 'no look at the window is ever heard',
    ask: { window: { opensAt: at(0), closesAt: at(hour) } },
    troubles: [silent('waitForWindow')],
    ...stoppedBy(errors.late),
  },
  {
    what: 'every look at the window crashes',
    troubles: [crashes('waitForWindow')],
    ...stoppedBy(errors.crash),
  },
  {
    what: 'the window has no room left when it is looked at late',
    ask: { window: { opensAt: at(0), closesAt: at(hour) } },
    troubles: [
      silent('waitForWindow'),
      later(45 * minute, ({ account }) =>
        account.lambda.register('viridian-rehearsal-waitForWindow', async (event) => {
          const { handler } = await import('../../../functions/handlers/hold/wait-for-window.ts');
          return handler(event);
        }),
      ),
    ],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the next window cannot be found',
    troubles: [crashes('findTheNextWindow')],
    ...stoppedBy(errors.crash),
  },
];

/** The cut begins in the window, not before it. */
function opensAt(milliseconds: number): Trouble {
  return when('Start switchover', ({ clock }) => {
    if (clock.now() < beginning + milliseconds) throw new Error('the cut began before the window');
  });
}

const impatient = { lag: { withinMinutes: 5 } };
const lag: Scenario[] = [
  {
    what: 'green never catches up',
    ask: impatient,
    troubles: [lagReads(1e12)],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the lag has no data',
    everywhere: true,
    ask: impatient,
    troubles: [lagReads('missing')],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the lag is not known',
    everywhere: true,
    ask: impatient,
    troubles: [lagReads(-1)],
    ...stoppedBy(errors.late),
  },
  {
    what: 'green catches up late',
    troubles: [
      ({ account, kind, clock }) => {
        const undo = account.cloudWatch.override({ metric: kind.lagMetric, value: 1e12 });
        clock.after(20 * minute, undo);
      },
    ],
    end: ends.green,
  },
  {
    what: 'CloudWatch cannot be read for a while',
    troubles: [when('Wait for replication to catch up', refuses('GetMetricData', 'Throttling', 12))],
    end: ends.green,
  },
  {
    what: 'CloudWatch cannot be read',
    ask: impatient,
    troubles: [refuses('GetMetricData', 'InternalFailure')],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the log that blue keeps for green fills its disk while green catches up',
    only: ({ isCluster }) => !isCluster,
    // A failover leaves time to catch up in.
    ask: { tests: { failover: false } },
    troubles: [when('Wait for replication to catch up', runsFull)],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'replication breaks',
    troubles: [
      when(
        'Wait for replication to catch up',
        onDeployment((one) => Object.assign(one, { status: 'INVALID_CONFIGURATION', statusDetails: 'DDL' })),
      ),
    ],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'no look at the lag is ever heard',
    ask: impatient,
    troubles: [silent('waitForReplicationToCatchUp')],
    ...stoppedBy(errors.late),
  },
];

const finally_: Scenario[] = [
  {
    what: 'a member flaps at the final check',
    troubles: [when('Final check', all(setStatus('modifying'), later(30_000, setStatus('available'))))],
    end: ends.green,
  },
  {
    what: 'a member stays busy at the final check',
    troubles: [when('Final check', setStatus('modifying'))],
    ...stoppedBy(errors.busy),
  },
  {
    what: 'blue was changed since the approval',
    everywhere: true,
    ask: asked,
    troubles: [
      person({ answer: 'approve' }),
      when(
        'Final check',
        onBlue((instance) => Object.assign(instance, { DBInstanceClass: 'db.r6g.xlarge' })),
      ),
      // Blue is put back for the invariants: it was not the run that changed it.
      when(
        'Record outcome',
        onBlue((instance) => Object.assign(instance, { DBInstanceClass: 'db.r6g.large' })),
      ),
    ],
    ...stoppedBy(errors.unexpected),
  },
  {
    what: 'an alarm fires before the cut',
    ask: { bake: { minutes: 0, alarms: ['errors'] } },
    troubles: [alarm('OK'), when('Wait for window', alarm('ALARM'))],
    ...stoppedBy(errors.test),
  },
  {
    what: 'an alarm loses its data before the cut',
    ask: { bake: { minutes: 0, alarms: ['errors'] } },
    troubles: [alarm('OK'), when('Wait for window', alarm('INSUFFICIENT_DATA'))],
    ...stoppedBy(errors.busy),
  },
  {
    what: 'lag grows again at the final check',
    troubles: [when('Final check', lagReads(1e12))],
    ...stoppedBy(errors.busy),
  },
  {
    what: 'the decision on record has another seal',
    ask: asked,
    troubles: [
      person({ answer: 'approve' }),
      when('Wait for window', refuses('VerifyMac', 'KMSInvalidMacException')),
    ],
    ...stoppedBy(errors.denied),
  },
  {
    what: 'the final check crashes every time',
    troubles: [crashes('finalCheck')],
    ...stoppedBy(errors.crash),
  },
];

/** By hand, and back. */
const renameBlue =
  (name?: string): Trouble =>
  ({ account: { rds }, baseline, kind }) => {
    const to = name ?? kind.database;
    for (const one of rds.world.instances)
      if (one.DbiResourceId === baseline.blue)
        Object.assign(one, {
          DBInstanceIdentifier: to,
          DBInstanceArn: one.DBInstanceArn.replace(/[^:]+$/, to),
        });
    for (const one of rds.world.clusters)
      if (one.DbClusterResourceId === baseline.blue)
        Object.assign(one, { DBClusterIdentifier: to, DBClusterArn: one.DBClusterArn.replace(/[^:]+$/, to) });
  };

/** It was not the run that changed blue. */
const byOthers = { breaks: ['I4'] };
const grows = onBlue((instance) => Object.assign(instance, { AllocatedStorage: 500 }));
const maySelfGrow = onBlue((instance) => Object.assign(instance, { MaxAllocatedStorage: 1_000 }));

/** What changes on blue while green waits: followed where it is harmless, named where it is not. */
const changes: Scenario[] = [
  {
    what: 'the storage of blue grows by itself while people think',
    only: ({ isCluster }) => !isCluster,
    ask: asked,
    troubles: [
      maySelfGrow,
      when('Wait for approval', grows, 3),
      person({ answer: 'approve', after: 30 * minute }),
    ],
    end: ends.green,
    ...byOthers,
  },
  {
    what: 'the storage of blue grows, and green may not grow',
    only: ({ isCluster }) => !isCluster,
    ask: asked,
    troubles: [when('Wait for window', grows), person({ answer: 'approve' })],
    ...stoppedBy(errors.test),
    ...byOthers,
  },
  {
    what: 'blue fails over while people think',
    only: ({ isCluster }) => isCluster,
    everywhere: true,
    ask: asked,
    troubles: [
      when('Wait for approval', blueFailsOver, 3),
      person({ answer: 'approve', after: 30 * minute }),
    ],
    end: ends.green,
    ...byOthers,
  },
  {
    what: 'autoscaling gives blue a reader while people think',
    only: ({ isCluster }) => isCluster,
    everywhere: true,
    ask: asked,
    troubles: [
      when('Wait for approval', blueGets('application-autoscaling-1a2b'), 3),
      person({ answer: 'approve', after: 30 * minute }),
    ],
    end: ends.green,
    ...byOthers,
  },
  {
    what: 'somebody gives blue a replica while green is built',
    everywhere: true,
    troubles: [when('Check parity', blueGets('reports'))],
    ...stoppedBy(errors.provisioning),
    ...byOthers,
  },
  {
    what: 'somebody gives blue a replica after the approval',
    everywhere: true,
    ask: asked,
    troubles: [person({ answer: 'approve' }), when('Final check', blueGets('reports'))],
    ...stoppedBy(errors.provisioning),
    ...byOthers,
  },
  {
    what: 'somebody renames blue while people think',
    ask: asked,
    troubles: [when('Wait for approval', renameBlue('mine'), 3), when('Record outcome', renameBlue())],
    ...stoppedBy(errors.provisioning),
    ...byOthers,
  },
  {
    what: 'somebody promotes a replica of blue while people think',
    only: ({ name }) => name === kinds.replica.name,
    ask: asked,
    troubles: [
      when(
        'Wait for approval',
        ({ account: { rds } }) => {
          const replica = rds.world.instances.find((one) => one.DBInstanceIdentifier === 'orders-replica');
          Object.assign(replica ?? {}, { ReadReplicaSourceDBInstanceIdentifier: undefined });
        },
        3,
      ),
    ],
    ...stoppedBy(errors.provisioning),
    ...byOthers,
  },
  {
    what: 'the capacity of green is another one',
    only: ({ isCluster }) => isCluster,
    troubles: [
      ({ account: { rds } }) => {
        for (const one of rds.world.clusters)
          one.ServerlessV2ScalingConfiguration = { MinCapacity: 16, MaxCapacity: 64 };
      },
      when('Check parity', ({ account: { rds } }) => {
        for (const one of rds.world.clusters)
          if (one.DBClusterIdentifier.includes('-green-'))
            one.ServerlessV2ScalingConfiguration = { MinCapacity: 1, MaxCapacity: 64 };
      }),
    ],
    ...stoppedBy(errors.test),
  },
];

/** From the parity check to the final check. */
export const hold: Scenario[] = [...approval, ...windows, ...lag, ...finally_, ...changes];
