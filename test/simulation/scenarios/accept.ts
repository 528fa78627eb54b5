import { innerFence } from '../databases.ts';
import { addToBlue, alarm, crashes, databasesAnswer, onBlue, rdsUnreachable, refuses } from '../faults.ts';
import { ends, errors, type Scenario } from './scenario.ts';

const refused = (error: string) => ({ end: ends.refused, error });

/** Runs that end before anything was created. */
export const accept: Scenario[] = [
  { what: 'a dry run', everywhere: true, ask: { dryRun: true }, end: ends.dryRun },
  {
    what: 'a dry run of what is not possible',
    ask: { dryRun: true, target: { engineVersion: '99.9' } },
    ...refused(errors.precondition),
  },
  {
    what: 'a request of 150 KB',
    ask: { hooks: {}, ticket: 'x'.repeat(150_000) },
    ...refused(errors.invalid),
    // The input itself stands in the history.
    breaks: ['I19'],
  },
  {
    what: 'a request as long as Step Functions takes one',
    ask: { bake: { alarms: Array.from({ length: 25_900 }, (_, n) => `al${n + 10_000}`) } },
    ...refused(errors.invalid),
    breaks: ['I19'],
  },
  {
    what: 'a request with thousands of wrong fields',
    ask: Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`f${n}`, 0])),
    ...refused(errors.invalid),
  },
  { what: 'a request with a field that is not known', ask: { colour: 'blue' }, ...refused(errors.invalid) },
  { what: 'a database that does not exist', ask: { database: 'nowhere' }, ...refused(errors.precondition) },
  {
    what: 'a version that RDS does not offer',
    ask: { target: { engineVersion: '99.9' } },
    ...refused(errors.precondition),
  },
  {
    what: 'blue is being changed',
    troubles: [onBlue((instance) => Object.assign(instance, { DBInstanceStatus: 'modifying' }))],
    ...refused(errors.precondition),
  },
  {
    what: 'the account has no room for green',
    troubles: [
      ({ account: { rds } }) => Object.assign(rds.world.quotas, { DBInstances: rds.world.instances.length }),
    ],
    ...refused(errors.precondition),
  },
  {
    what: 'a table of blue has no key',
    ask: { wayBack: { login: {} } },
    troubles: [
      ({ databases }) => {
        databases.behaviour.preconditions = {
          'primary-keys': { value: { count: 1, names: ['public.keyless in shop'] } },
        };
      },
    ],
    only: ({ goesBack, family }) => goesBack === true && family === 'postgresql',
    ...refused(errors.precondition),
  },
  {
    what: 'the databases cannot be asked',
    ask: { wayBack: { login: {} } },
    troubles: [
      databasesAnswer('preconditions', { kind: 'failed', code: '28P01', because: 'the sign-in was refused' }),
    ],
    only: ({ goesBack }) => goesBack === true,
    ...refused(errors.precondition),
  },
  {
    what: 'blue has a zero-ETL integration',
    troubles: [
      addToBlue(({ rds: { world } }, arn) =>
        world.integrations.push({ IntegrationName: 'to-redshift', SourceArn: arn }),
      ),
    ],
    ...refused(errors.precondition),
  },
  {
    what: 'a proxy does not reach blue',
    troubles: [
      addToBlue(({ rds: { world } }, arn) =>
        world.proxies.push({
          DBProxyName: 'pool',
          targets: [{ TargetArn: arn, TargetHealth: { State: 'UNAVAILABLE', Reason: 'AUTH_FAILURE' } }],
        }),
      ),
    ],
    ...refused(errors.precondition),
  },
  { what: 'RDS cannot be read', troubles: [rdsUnreachable], ...refused(errors.busy) },
  {
    what: 'RDS throttles every reading',
    troubles: [refuses(/^Describe/, 'Throttling')],
    ...refused(errors.throttled),
  },
  {
    what: 'the alarm of the bake does not exist',
    ask: { bake: { minutes: 0, alarms: ['errors'] } },
    ...refused(errors.precondition),
  },
  {
    what: 'the alarm of the bake has fired already',
    ask: { bake: { minutes: 0, alarms: ['errors'] } },
    troubles: [alarm('ALARM')],
    ...refused(errors.precondition),
  },
  {
    what: 'a window that lies in the past',
    ask: { window: { opensAt: '2026-11-20T02:00:00Z', closesAt: '2026-11-20T04:00:00Z' } },
    ...refused(errors.precondition),
  },
  {
    what: 'old blue of Aurora is to be deleted without a fence',
    ask: { oldBlue: { deleteAfterDays: 1 } },
    only: ({ isCluster }) => isCluster,
    ...refused(errors.precondition),
  },
  {
    what: 'the fence of old blue is of another VPC',
    ask: { oldBlue: { fenceSecurityGroup: innerFence } },
    troubles: [
      ({ account: { rds } }) => {
        for (const one of rds.world.instances)
          if (one.DBInstanceIdentifier === 'bystander')
            Object.assign(one, {
              DBSubnetGroup: { DBSubnetGroupName: 'elsewhere', VpcId: 'vpc-0a9b8c7d6e5f40312' },
              VpcSecurityGroups: [{ VpcSecurityGroupId: innerFence, Status: 'active' }],
            });
      },
    ],
    only: ({ isCluster }) => isCluster,
    ...refused(errors.precondition),
  },
  {
    what: 'the function that reads the request crashes every time',
    troubles: [crashes('validateRequest')],
    ...refused(errors.crash),
  },
  {
    what: 'the function that checks crashes every time',
    troubles: [crashes('checkPreconditions')],
    ...refused(errors.crash),
  },
];
