import { att, functionId, type Resource, type Resources, ref, type Value } from './cloudformation.ts';
import type { FunctionKey } from './functions.ts';
import { startStatements } from './machine.ts';
import { machineArn, machineArns } from './names.ts';
import { role } from './roles.ts';
import type { Settings } from './settings.ts';

/** What wakes runs, what tells of runs that ended, and, when it is asked for, what starts them. */
export function describeEvents(settings: Settings): Resources {
  const { prefix } = settings;
  return {
    ...invoke('WakeOnDeployment', 'wakeRun', {
      EventPattern: { source: ['aws.rds'], 'detail-type': ['RDS Blue Green Deployment Event'] },
    }),
    ...invoke('WakeOnAlarm', 'wakeRun', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ 'anything-but': { prefix: `${prefix}-` } }] },
      },
    }),
    ...invoke('ReconcileOnEnd', 'reconcile', { EventPattern: ends(prefix) }),
    ...invoke('ReconcileHourly', 'reconcile', { ScheduleExpression: 'rate(1 hour)' }),
    ...invoke('EvidenceOnEnd', 'keepEvidence', { EventPattern: ends(prefix) }),
    ...invoke('EvidenceHourly', 'keepEvidence', { ScheduleExpression: 'rate(1 hour)' }),
    ...describeCleanUp(settings),
    ...(settings.startFromAccounts.length > 0 && describeStartBus(settings)),
  };
}

/** A rehearsal that did not end well is followed by an execution that removes its copy. One that fails after six hours is followed by another. */
const describeCleanUp = ({ prefix }: Settings): Resources => ({
  RemoveCopiesRule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [machineArn(prefix, 'rehearsal')],
          status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
        },
      },
      Targets: [
        {
          Id: 'machine',
          Arn: ref('RehearsalMachineAlias'),
          RoleArn: att('RemoveCopiesRole'),
          InputTransformer: {
            InputPathsMap: { rehearsal: '$.detail.executionArn' },
            InputTemplate: '{"removeCopyOf": <rehearsal>}',
          },
          RetryPolicy: retries,
        },
      ],
    },
  },
  RemoveCopiesRole: role('events.amazonaws.com', undefined, startStatements({ prefix }, 'rehearsal')),
});

/** Every end of an execution of any of the machines. */
const ends = (prefix: string): Value => ({
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: {
    stateMachineArn: machineArns(prefix),
    status: ['ABORTED', 'FAILED', 'SUCCEEDED', 'TIMED_OUT'],
  },
});

/** An event is tried for an hour; what is lost after that, looking finds. */
const retries = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 20 };

function invoke(id: string, key: FunctionKey, when: { [key: string]: Value }): Resources {
  return {
    [`${id}Rule`]: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ...when,
        Targets: [{ Id: key, Arn: att(functionId(key)), RetryPolicy: retries }],
      },
    },
    [`${id}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: ref(functionId(key)),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: att(`${id}Rule`),
      },
    },
  };
}

/** A bus of our own on which the named accounts may put requests: source `viridian.request`, the request as detail. */
function describeStartBus(settings: Settings): Resources {
  const { prefix, startFromAccounts } = settings;
  return {
    StartBus: { Type: 'AWS::Events::EventBus', Properties: { Name: `${prefix}-requests` } },
    StartBusPolicy: startBusPolicy(startFromAccounts),
    StartOnRequestRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: ref('StartBus'),
        EventPattern: { source: ['viridian.request'] },
        Targets: [
          {
            Id: 'machine',
            Arn: ref('MachineAlias'),
            RoleArn: att('StartOnRequestRole'),
            InputPath: '$.detail',
            RetryPolicy: retries,
          },
        ],
      },
    },
    StartOnRequestRole: role('events.amazonaws.com', undefined, startStatements(settings)),
  };
}

const startBusPolicy = (accounts: string[]): Resource => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: {
    EventBusName: ref('StartBus'),
    StatementId: 'requests',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: accounts },
      Action: 'events:PutEvents',
      Resource: att('StartBus'),
      Condition: { StringEquals: { 'events:source': 'viridian.request' } },
    },
  },
});
