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
import { type MachineFile, machineFiles, machines } from './machines.ts';
import { aliasName, functionName, machineArn, machineName } from './names.ts';
import type { Statement } from './permissions/statement.ts';
import { role } from './roles.ts';
import type { Settings } from './settings.ts';

/** The text of a state machine, word for word. Indented by one space, because two made the text a tenth longer (322 KB instead of 291 in the template). */
const readDefinition = (file: MachineFile): string =>
  JSON.stringify(
    JSON.parse(readFileSync(join(import.meta.dirname, '..', 'statemachine', `${file}.asl.json`), 'utf8')),
    null,
    1,
  );

/**
 * The text that is deployed is the files in `statemachine/`, word for word; CloudFormation fills in its `${…}`. As text and not as
 * `Definition`, because the definition holds nulls, which CloudFormation refuses in a template and the framework drops.
 */
export function describeMachines(settings: Settings): Resources {
  return Object.assign({}, ...machineFiles.map((file) => describeMachine(file, settings)));
}

function describeMachine(file: MachineFile, settings: Settings): Resources {
  const { id } = machines[file];
  return {
    [`${id}Role`]: role(
      'states.amazonaws.com',
      onlyFor(machineName(settings.prefix, file)),
      machineStatements(file, settings),
    ),
    [id]: stateMachine(file, settings),
    ...versioned(id),
  };
}

function stateMachine(file: MachineFile, { prefix }: Settings): Resource {
  const { id, starts } = machines[file];
  const definition = readDefinition(file);
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Metadata: definitionLint,
    Properties: {
      StateMachineName: machineName(prefix, file),
      StateMachineType: 'STANDARD',
      RoleArn: att(`${id}Role`),
      DefinitionString: definition,
      DefinitionSubstitutions: {
        partition: ref('AWS::Partition'),
        ...Object.fromEntries(
          starts.map(({ machine, placeholder }) => [placeholder, ref(`${machines[machine].id}Version`)]),
        ),
        ...Object.fromEntries(tasksOf(definition).map((key) => [key, currentVersion(key)])),
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
  };
}

/** The functions that a definition names. */
export function tasksOf(definition: string): FunctionKey[] {
  const named = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  return taskKeys.filter((key) => named.has(key));
}

/**
 * cfn-lint takes no `${partition}` in a Resource and no expression as a timeout, both of which are valid (E3601). A test
 * lints the definition with both filled in.
 */
const definitionLint = { 'cfn-lint': { config: { ignore_checks: ['E3601'] } } };

/**
 * Every change of the machine, which includes every change of a function, publishes a version. Earlier ones stay, and
 * so do the versions of the functions that they name: an open run ends with what it began with, and goes back by the version of
 * the other machine that was deployed with it. Starts by hand go through the alias.
 */
const versioned = (machine: string): Resources => ({
  [`${machine}Version`]: {
    Type: 'AWS::StepFunctions::StateMachineVersion',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      StateMachineArn: ref(machine),
      StateMachineRevisionId: att(machine, 'StateMachineRevisionId'),
    },
  },
  [`${machine}Alias`]: {
    Type: 'AWS::StepFunctions::StateMachineAlias',
    Properties: {
      Name: aliasName,
      RoutingConfiguration: [{ StateMachineVersionArn: ref(`${machine}Version`), Weight: 100 }],
    },
  },
});

/** Stands for the version that is published in this deployment; `plugin.ts` puts its logical id in. */
export const currentVersion = (key: FunctionKey): Intrinsic => att(functionId(key));

/** What a state machine may do. */
export function machineStatements(file: MachineFile, { prefix }: Settings): Statement[] {
  const { starts, callsHooks } = machines[file];
  return [
    invokeTasks(prefix, file),
    ...(callsHooks ? [invokeHooks] : []),
    ...starts.map(({ machine, why }) => ({
      actions: ['states:StartExecution'],
      resources: [machineArn(prefix, machine)],
      why,
    })),
    ...keepRecords(prefix),
  ];
}

const invokeHooks: Statement = {
  actions: ['lambda:InvokeFunction'],
  resources: [arn('lambda', 'function:viridian-hook-*')],
  why: 'hooks: functions of the user whose names say that they are meant for this',
};

function invokeTasks(prefix: string, file: MachineFile): Statement {
  return {
    actions: ['lambda:InvokeFunction'],
    resources: tasksOf(readDefinition(file)).map((key) =>
      arn('lambda', `function:${functionName(prefix, key)}:*`),
    ),
    why: 'its tasks, by version only',
  };
}

/** History, log and trace. */
function keepRecords(prefix: string): Statement[] {
  return [
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

/** A role is taken on for the machine, or for a version or an alias of it, which stands after its ARN. */
const onlyFor = (machine: string): Value => ({
  StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
  ArnLike: {
    'aws:SourceArn': ['', ':*'].map((qualifier) => arn('states', `stateMachine:${machine}${qualifier}`)),
  },
});

/** Whoever starts runs, or executions of another machine: the unqualified ARN, and the alias as a condition (`states:StateMachineQualifier`). */
export function startStatements(
  { prefix }: Pick<Settings, 'prefix'>,
  file: MachineFile = 'blue-green-deployment',
): Statement[] {
  return [
    {
      actions: ['states:StartExecution'],
      resources: [machineArn(prefix, file)],
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
