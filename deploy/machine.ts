import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  arn,
  att,
  functionId,
  type Intrinsic,
  type Resource,
  type Resources,
  ref,
  type Value,
} from './cloudformation.ts';
import { type FunctionKey, taskKeys } from './functions.ts';
import { machineKeyContext } from './keys.ts';
import { aliasName, functionName, machineArn, machineName } from './names.ts';
import type { Statement } from './permissions.ts';
import { role } from './roles.ts';
import type { Settings } from './settings.ts';

const definitionFile = join(import.meta.dirname, '..', 'statemachine', 'blue-green-deployment.asl.json');

/**
 * The text that is deployed is the file in `statemachine/`, byte for byte; CloudFormation fills in its `${…}`. As text and not as
 * `Definition`, because the definition holds nulls, which CloudFormation refuses in a template and the framework drops.
 */
export function describeMachine(settings: Settings): Resources {
  const { prefix } = settings;
  return {
    MachineRole: role('states.amazonaws.com', onlyOurMachine(prefix), machineStatements(settings)),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Metadata: definitionLint,
      Properties: {
        StateMachineName: machineName(prefix),
        StateMachineType: 'STANDARD',
        RoleArn: att('MachineRole'),
        DefinitionString: readFileSync(definitionFile, 'utf8'),
        DefinitionSubstitutions: {
          partition: ref('AWS::Partition'),
          ...Object.fromEntries(taskKeys.map((key) => [key, currentVersion(key)])),
        },
        LoggingConfiguration: {
          Level: 'ALL',
          IncludeExecutionData: false,
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: att('MachineLog') } }],
        },
        TracingConfiguration: { Enabled: true },
        EncryptionConfiguration: {
          Type: 'CUSTOMER_MANAGED_KMS_KEY',
          KmsKeyId: att('MachineKey'),
          KmsDataKeyReusePeriodSeconds: 300,
        },
      },
    },
    MachineVersion: machineVersion,
    MachineAlias: {
      Type: 'AWS::StepFunctions::StateMachineAlias',
      Properties: {
        Name: aliasName,
        RoutingConfiguration: [{ StateMachineVersionArn: ref('MachineVersion'), Weight: 100 }],
      },
    },
  };
}

/**
 * cfn-lint takes no `${partition}` in a Resource and no expression as a timeout, both of which are valid (E3601). A test
 * lints the definition with both filled in.
 */
const definitionLint = { 'cfn-lint': { config: { ignore_checks: ['E3601'] } } };

/**
 * Every change of the machine, which includes every change of a function, publishes a version. Earlier ones stay, and
 * so do the versions of the functions that they name: an open run ends with what it began with.
 */
const machineVersion: Resource = {
  Type: 'AWS::StepFunctions::StateMachineVersion',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    StateMachineArn: ref('Machine'),
    StateMachineRevisionId: att('Machine', 'StateMachineRevisionId'),
  },
};

/** Stands for the version that is published in this deployment; `plugin.ts` puts its logical id in. */
export const currentVersion = (key: FunctionKey): Intrinsic => att(functionId(key));

/** What the state machine may do. */
export function machineStatements({ prefix }: Settings): Statement[] {
  return [
    {
      actions: ['lambda:InvokeFunction'],
      resources: taskKeys.map((key) => arn('lambda', `function:${functionName(prefix, key)}:*`)),
      why: 'its tasks, by version only',
    },
    {
      actions: ['lambda:InvokeFunction'],
      resources: [arn('lambda', 'function:viridian-hook-*')],
      why: 'hooks: functions of the user whose names say that they are meant for this',
    },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [att('MachineKey')],
      condition: machineKeyContext(prefix),
      why: 'its own definition and history',
    },
    {
      actions: ['kms:GenerateDataKey'],
      resources: [att('MachineKey')],
      condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': arn('logs', '*') } },
      why: 'the log of a machine under a customer key is delivered under the same key',
    },
    {
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: ['*'],
      why: 'the delivery of its log; these actions know no resource',
    },
    {
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
      why: 'its trace; the actions know no resource',
    },
  ];
}

const onlyOurMachine = (prefix: string): Value => ({
  StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
  ArnLike: { 'aws:SourceArn': machineArn(prefix) },
});

/** Whoever starts runs: the unqualified ARN, and the alias as a condition (`states:StateMachineQualifier`). */
export function startStatements({ prefix }: Settings): Statement[] {
  return [
    {
      actions: ['states:StartExecution'],
      resources: [machineArn(prefix)],
      condition: { StringEquals: { 'states:StateMachineQualifier': aliasName } },
      why: 'starts runs, through the alias only',
    },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [att('MachineKey')],
      condition: machineKeyContext(prefix),
      why: 'the input of a run becomes part of its history',
    },
  ];
}
