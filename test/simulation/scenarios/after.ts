import { kinds } from '../databases.ts';
import {
  alarm,
  all,
  crashes,
  databases,
  later,
  losesAnswer,
  metricReads,
  onDeployment,
  onOldBlue,
  rdsUnreachable,
  refuses,
  silent,
  type Trouble,
  when,
  wireHeals,
} from '../faults.ts';
import { hour, minute } from '../stage.ts';
import { ends, errors, incompleteBy, type Scenario } from './scenario.ts';

/** Instances of new production, which carry the names of applications. */
const onProduction =
  (change: { DBInstanceStatus?: string; EngineVersion?: string }): Trouble =>
  ({ account, baseline }) => {
    const { rds } = account;
    for (const instance of rds.world.instances)
      if (rds.productionArns.has(instance.DBInstanceArn) && !baseline.all.has(instance.DbiResourceId))
        Object.assign(instance, change);
  };

const prove: Scenario[] = [
  {
    what: 'new production is busy for a minute',
    troubles: [
      when(
        'Verify production',
        all(
          onProduction({ DBInstanceStatus: 'modifying' }),
          later(minute, onProduction({ DBInstanceStatus: 'available' })),
        ),
      ),
    ],
    end: ends.green,
  },
  {
    what: 'new production stays busy',
    troubles: [when('Verify production', onProduction({ DBInstanceStatus: 'modifying' }))],
    ...incompleteBy(errors.busy),
  },
  {
    what: 'RDS forgets the deployment after the cut',
    troubles: [
      when(
        'Verify production',
        onDeployment((one) => Object.assign(one, { status: 'POLISHING' })),
      ),
    ],
    ...incompleteBy(errors.busy),
  },
  {
    what: 'the verification crashes every time',
    troubles: [crashes('verifyProduction')],
    ...incompleteBy(errors.crash),
  },
  {
    what: 'RDS cannot be reached for some minutes after the proof',
    troubles: [
      when('Verify production', rdsUnreachable),
      when('Verify production', later(5 * minute, wireHeals)),
    ],
    end: ends.green,
  },
];

const watched = { bake: { minutes: 20, alarms: ['errors'] } };
const bake: Scenario[] = [
  { what: 'the bake is calm', ask: watched, troubles: [alarm('OK')], end: ends.green },
  {
    what: 'an alarm fires in the bake',
    ask: watched,
    troubles: [alarm('OK'), when('Bake', later(5 * minute, alarm('ALARM')))],
    ...incompleteBy(errors.test),
  },
  {
    what: 'an alarm has no data at the end of the bake, and gets some',
    ask: watched,
    troubles: [
      alarm('OK'),
      when('Bake', alarm('INSUFFICIENT_DATA')),
      when('Bake', later(25 * minute, alarm('OK'))),
    ],
    end: ends.green,
  },
  {
    what: 'an alarm has no data past the bake',
    ask: watched,
    troubles: [alarm('OK'), when('Bake', alarm('INSUFFICIENT_DATA'))],
    ...incompleteBy(errors.late),
  },
  {
    what: 'somebody turns the actions of the alarm off',
    ask: watched,
    troubles: [alarm('OK'), when('Bake', alarm('OK', false))],
    ...incompleteBy(errors.late),
  },
  {
    what: 'somebody deletes the alarm',
    ask: watched,
    troubles: [
      alarm('OK'),
      when('Bake', ({ account }) => {
        const { operations } = account.cloudWatch;
        operations.DescribeAlarms = () => ({ MetricAlarms: [], CompositeAlarms: [] });
      }),
    ],
    ...incompleteBy(errors.late),
  },
  {
    what: 'the alarms cannot be read',
    ask: watched,
    troubles: [alarm('OK'), when('Bake', refuses('DescribeAlarms', 'AccessDenied'))],
    ...incompleteBy(errors.late),
  },
  {
    what: 'every look of the bake crashes',
    ask: watched,
    troubles: [alarm('OK'), crashes('bake')],
    ...incompleteBy(errors.crash),
  },
];

/** Comparing with blue, as the defaults of the request have it. */
const compares = { bake: { minutes: 20 } };
const unreadable = refuses('GetMetricData', 'AccessDenied');
/** The lag could not be read either while it stands. */
const fromTheBaselineToTheCut: Trouble = all(
  when('Take the baseline', unreadable),
  when('Final check', wireHeals),
);
const sick = metricReads('WriteLatency', 0.5);

const compared: Scenario[] = [
  {
    what: 'new production is as blue was',
    everywhere: true,
    ask: compares,
    end: ends.green,
    passes: ['Take the baseline'],
  },
  {
    what: 'writes are slow in the bake',
    everywhere: true,
    ask: compares,
    troubles: [when('Bake', later(2 * minute, sick))],
    ...incompleteBy(errors.test),
  },
  {
    what: 'the clients do not come back',
    ask: compares,
    troubles: [when('Bake', metricReads('DatabaseConnections', 1))],
    ...incompleteBy(errors.test),
  },
  {
    what: 'writes are slow for four minutes',
    ask: compares,
    troubles: [
      when('Bake', later(2 * minute, sick)),
      when('Bake', later(6 * minute, metricReads('WriteLatency', 0.004))),
    ],
    end: ends.green,
  },
  {
    what: 'writes become slow in the last minutes of the bake',
    ask: compares,
    troubles: [when('Bake', later(18 * minute, sick))],
    ...incompleteBy(errors.test),
  },
  {
    what: 'a metric is missing from the cut on',
    everywhere: true,
    ask: compares,
    troubles: [when('Bake', metricReads('ReadLatency', 'missing'))],
    ...incompleteBy(errors.late),
  },
  {
    what: 'CloudWatch is late by ten minutes',
    ask: compares,
    troubles: [({ plane }) => Object.assign(plane.behaviour, { metricsLateMs: 10 * minute })],
    end: ends.green,
  },
  {
    what: 'CloudWatch cannot be read in the bake',
    ask: compares,
    troubles: [when('Bake', unreadable)],
    ...incompleteBy(errors.late),
  },
  {
    what: 'CloudWatch cannot be read for the baseline',
    ask: compares,
    troubles: [fromTheBaselineToTheCut],
    ...incompleteBy(errors.late),
  },
  {
    what: 'CloudWatch is too busy for the baseline',
    ask: compares,
    troubles: [
      all(when('Take the baseline', refuses('GetMetricData', 'Throttling')), when('Final check', wireHeals)),
    ],
    ...incompleteBy(errors.late),
  },
  {
    what: 'blue never had one of the metrics',
    ask: { bake: { minutes: 20, metrics: [{ name: 'DBLoad', worse: 'higher', floor: 2 }] } },
    ...incompleteBy(errors.late),
  },
  {
    what: 'the task that takes the baseline crashes every time',
    ask: compares,
    troubles: [crashes('takeTheBaseline')],
    ...incompleteBy(errors.late),
  },
  {
    what: 'nothing is to be compared',
    ask: { bake: { minutes: 20, metrics: [] } },
    troubles: [metricReads('WriteLatency', 'missing')],
    end: ends.green,
  },
  {
    what: 'a bake of no time compares nothing',
    ask: { bake: { minutes: 0 } },
    troubles: [metricReads('WriteLatency', 'missing')],
    end: ends.green,
  },
  {
    what: 'no look of the bake is ever heard',
    ask: compares,
    troubles: [silent('bake')],
    ...incompleteBy(errors.late),
  },
];

const deletes = ({ deleteOldBlue }: { deleteOldBlue: object }) => ({ oldBlue: deleteOldBlue });
const releases = 'DeleteBlueGreenDeployment';

const release: Scenario[] = [
  { what: 'old blue is kept', end: ends.green },
  {
    what: 'old blue is deleted',
    everywhere: true,
    ask: deletes,
    end: ends.green,
    passes: ['Wait for deletion'],
  },
  {
    what: 'the record of Aurora goes behind a fence, and old blue is kept',
    ask: ({ deleteOldBlue: { fenceSecurityGroup } }) => ({ oldBlue: { fenceSecurityGroup } }),
    only: ({ isCluster }) => isCluster,
    end: ends.green,
  },
  {
    what: 'the record cannot be deleted for a while',
    ask: deletes,
    troubles: [when('Release the deployment record', refuses(releases, 'Throttling', 3))],
    end: ends.green,
  },
  {
    what: 'the record cannot be deleted',
    ask: deletes,
    troubles: [when('Release the deployment record', refuses(releases, 'Throttling'))],
    ...incompleteBy(errors.throttled),
  },
  {
    what: 'the answer to the deletion of the record is lost',
    ask: deletes,
    troubles: [when('Release the deployment record', losesAnswer(releases, 'done'))],
    end: ends.green,
  },
  {
    what: 'somebody gave the name of production to another database before the record goes',
    ask: deletes,
    troubles: [
      when('Release the deployment record', ({ account, kind }) => {
        const { instances, clusters } = account.rds.world;
        for (const one of instances)
          if (one.DBInstanceIdentifier === kind.database) one.DBInstanceIdentifier = 'renamed';
        for (const one of clusters)
          if (one.DBClusterIdentifier === kind.database) one.DBClusterIdentifier = 'renamed';
      }),
    ],
    ...incompleteBy(errors.cleanup),
  },
];

const snapshotCall = /^CreateDB(Cluster)?Snapshot$/;
const deleteCall = /^DeleteDB(Instance|Cluster)$/;
const never = 100 * hour;

const closing: Scenario[] = [
  {
    what: 'nobody can be told when old blue goes',
    ask: ({ deleteOldBlue }) => ({ oldBlue: { ...deleteOldBlue, deleteAfterDays: 2 } }),
    troubles: [crashes('announce')],
    end: ends.green,
  },
  {
    what: 'old blue is kept for two days first',
    ask: ({ deleteOldBlue }) => ({ oldBlue: { ...deleteOldBlue, deleteAfterDays: 2 } }),
    troubles: [
      when('Take final snapshot', ({ clock, account }) => {
        const release = account.rds.journal.accepted(releases).at(-1)?.at ?? 0;
        if (clock.now() - release < 48 * hour) throw new Error('old blue was not kept for two days');
      }),
    ],
    end: ends.green,
  },
  {
    what: 'no look of the retention is ever heard',
    ask: ({ deleteOldBlue }) => ({ oldBlue: { ...deleteOldBlue, deleteAfterDays: 2 } }),
    troubles: [silent('waitForRetention')],
    end: ends.green,
  },
  {
    what: 'every look of the retention crashes',
    ask: deletes,
    troubles: [crashes('waitForRetention')],
    ...incompleteBy(errors.crash),
  },
  {
    what: 'old blue is busy when its snapshot is to be taken',
    ask: deletes,
    troubles: [refuses(snapshotCall, 'InvalidDBInstanceState', 2)],
    end: ends.green,
  },
  {
    what: 'the account has no room for a snapshot',
    ask: deletes,
    troubles: [refuses(snapshotCall, 'SnapshotQuotaExceeded')],
    ...incompleteBy(errors.unexpected),
  },
  {
    what: 'the answer of the snapshot is lost',
    everywhere: true,
    ask: deletes,
    troubles: [losesAnswer(snapshotCall, 'done')],
    end: ends.green,
  },
  {
    what: 'the snapshot fails',
    ask: deletes,
    troubles: [
      when('Wait for snapshot', ({ account }) => {
        const { snapshots, clusterSnapshots } = account.rds.world;
        for (const snapshot of [...snapshots, ...clusterSnapshots])
          Object.assign(snapshot, { Status: 'failed' });
      }),
      ({ account }) => Object.assign(account.rds.timings, { snapshot: never }),
    ],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'the snapshot is never complete',
    ask: deletes,
    troubles: [({ account }) => Object.assign(account.rds.timings, { snapshot: never })],
    ...incompleteBy(errors.late),
  },
  {
    what: 'every look at the snapshot crashes',
    ask: deletes,
    troubles: [crashes('waitForSnapshot')],
    ...incompleteBy(errors.crash),
  },
  {
    what: 'old blue may not be deleted',
    ask: deletes,
    troubles: [refuses(deleteCall, 'AccessDenied')],
    ...incompleteBy(errors.unexpected),
  },
  {
    what: 'old blue is busy when it is to be deleted',
    ask: deletes,
    troubles: [refuses(deleteCall, 'InvalidDBInstanceState', 2)],
    end: ends.green,
  },
  {
    what: 'the answer of the deletion is lost',
    everywhere: true,
    ask: deletes,
    troubles: [losesAnswer(deleteCall, 'done')],
    end: ends.green,
  },
  {
    what: 'the deletion never ends',
    everywhere: true,
    ask: deletes,
    troubles: [
      when('Delete old blue', ({ account }) => Object.assign(account.rds.timings, { deleteDatabase: never })),
    ],
    ...incompleteBy(errors.late),
  },
  {
    what: 'every look at the deletion crashes',
    ask: deletes,
    troubles: [crashes('waitForDeletion')],
    ...incompleteBy(errors.crash),
  },
];

const week = ({ deleteOldBlue }: { deleteOldBlue: object }) => ({
  oldBlue: { ...deleteOldBlue, deleteAfterDays: 7 },
});
/** Something that a person does while old blue is kept. */
const inTheRetention = (trouble: Trouble): Trouble => when('Wait for retention', later(24 * hour, trouble));
const protect = { DeletionProtection: true };

/** A person makes old blue theirs: it is kept, whatever the request says, and the end says what was seen. */
const taken: Scenario[] = [
  {
    what: 'somebody protects old blue in the retention',
    // The others are protected from the beginning, and so is their old blue.
    only: ({ name }) => name === kinds.postgres.name,
    ask: week,
    troubles: [inTheRetention(onOldBlue({ instance: (one) => Object.assign(one, protect) }))],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'somebody renames old blue in the retention',
    everywhere: true,
    ask: week,
    troubles: [
      inTheRetention(
        onOldBlue({
          instance: (one) => {
            if (!one.DBClusterIdentifier) one.DBInstanceIdentifier = `${one.DBInstanceIdentifier}-mine`;
          },
          cluster: (one) => Object.assign(one, { DBClusterIdentifier: 'mine' }),
        }),
      ),
    ],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'somebody gives old blue a replica in the retention',
    everywhere: true,
    ask: week,
    troubles: [
      inTheRetention(
        onOldBlue({
          instance: (one) => one.ReadReplicaDBInstanceIdentifiers?.push('reports'),
          cluster: (one) => Object.assign(one, { ReadReplicaIdentifiers: ['reports'] }),
        }),
      ),
    ],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'somebody promotes a replica of old blue in the retention',
    only: ({ name }) => name === kinds.replica.name,
    ask: week,
    troubles: [
      inTheRetention(
        onOldBlue({
          instance: (one) => Object.assign(one, { ReadReplicaSourceDBInstanceIdentifier: undefined }),
        }),
      ),
    ],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'a replica of old blue has stopped replicating: it gets a final snapshot of its own',
    only: ({ name }) => name === kinds.replica.name,
    ask: week,
    troubles: [
      inTheRetention(
        onOldBlue({
          instance: (one) => {
            if (one.ReadReplicaSourceDBInstanceIdentifier)
              one.StatusInfos = [{ StatusType: 'read replication', Normal: false, Status: 'stopped' }];
          },
        }),
      ),
      when('Delete old blue', ({ account }) => {
        if (account.rds.world.snapshots.length !== 2) throw new Error('each has a snapshot of its own');
      }),
    ],
    end: ends.green,
  },
  {
    what: 'clients still work on old blue in the retention',
    everywhere: true,
    ask: week,
    troubles: [inTheRetention(databases({ staleSessions: 3 }))],
    ...incompleteBy(errors.cleanup),
  },
  {
    what: 'nobody knows whether old blue has clients',
    ask: week,
    troubles: [inTheRetention(metricReads('DatabaseConnections', 'missing'))],
    ...incompleteBy(errors.busy),
  },
  {
    what: 'somebody uses old blue while its final snapshot is taken',
    ask: week,
    troubles: [
      ({ account }) => Object.assign(account.rds.timings, { snapshot: hour }),
      when('Wait for snapshot', databases({ staleSessions: 1 })),
    ],
    ...incompleteBy(errors.cleanup),
  },
];

/** From the verification to the deletion of old blue. */
export const after: Scenario[] = [...prove, ...bake, ...compared, ...release, ...closing, ...taken];
