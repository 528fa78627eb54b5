import { arn, pascalCase, type Resource, type Resources, type Value } from './cloudformation.ts';
import { connecting, type FunctionKey, functionKeys } from './functions.ts';
import { functionLogGroup } from './names.ts';
import { grants, sharedGrants } from './permissions/grants.ts';
import type { Grant, Statement } from './permissions/statement.ts';
import type { Settings } from './settings.ts';

/** Logical id of the role of a function: its own, or the one that it shares. */
export const roleId = (key: FunctionKey): string => `${pascalCase(roleName(key))}Role`;

function roleName(key: FunctionKey): string {
  const granted = grants[key];
  return typeof granted === 'string' ? granted : key;
}

/** The functions that have a role. More than one have it only where nothing that they may do changes anything. */
export const functionsOfRole = (id: string): FunctionKey[] =>
  functionKeys.filter((key) => roleId(key) === id);

/** A role for every function that changes something or has rights that no other has; functions with equal rights to read share one. */
export function describeFunctionRoles(settings: Settings): Resources {
  const ids = [...new Set(functionKeys.map(roleId))];
  return Object.fromEntries(ids.map((id) => [id, describeFunctionRole(id, settings)]));
}

/** One of them. */
export const describeFunctionRole = (id: string, settings: Settings): Resource =>
  role('lambda.amazonaws.com', undefined, roleStatements(id, settings));

function roleStatements(id: string, settings: Settings): Statement[] {
  const [first, ...others] = functionsOfRole(id);
  if (!first) throw new Error(`no function has the role ${id}`);
  return [
    writeLog([first, ...others], settings),
    trace,
    ...(settings.network && connecting.includes(first) ? [networkInterfaces] : []),
    ...functionStatements(first, settings),
  ];
}

/** The own log of each function that has the role. */
export const writeLog = (keys: string[], { prefix }: Settings): Statement => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: keys.map((key) => arn('logs', `log-group:${functionLogGroup(prefix, key)}:*`)),
  why: 'its own log; it may not create log groups',
});

export const trace: Statement = {
  actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  resources: ['*'],
  why: 'its trace; the actions know no resource',
};

/** What a function may do beside writing its log and its trace. */
export function functionStatements(key: FunctionKey, settings: Settings): Statement[] {
  return withoutCovered(
    grantsOf(key).flatMap((grant) => grant(settings.prefix, settings, settings.databases)),
  );
}

/** A statement that says nothing which another one of the role does not say as well is left out: no run needs it. */
function withoutCovered(statements: Statement[]): Statement[] {
  const scopes = statements.map(({ effect, resources, condition }) =>
    JSON.stringify([effect, resources, condition]),
  );
  return statements.filter(
    (one, index) =>
      !statements.some(
        (other, at) =>
          at !== index &&
          scopes[at] === scopes[index] &&
          one.actions.every((action) => other.actions.includes(action)) &&
          (one.actions.length < other.actions.length || at < index),
      ),
  );
}

/** Whether it changes something of the user's, or decides. */
export const changesSomething = (key: FunctionKey): boolean => grantsOf(key).some(({ changes }) => changes);

function grantsOf(key: FunctionKey): readonly Grant[] {
  const granted = grants[key];
  return typeof granted === 'string' ? sharedGrants[granted] : granted;
}

export const networkInterfaces: Statement = {
  actions: [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
  why: 'Lambda makes its network interfaces with the rights of the function; it accepts no narrower resource',
};

/** A role that one AWS service may take on. */
export function role(service: string, trust: Value | undefined, statements: Statement[]): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: service },
            Action: 'sts:AssumeRole',
            ...(trust !== undefined && { Condition: trust }),
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: { Version: '2012-10-17', Statement: statements.map(writeStatement) },
        },
      ],
    },
  };
}

function writeStatement({ effect, actions, resources, condition }: Statement): Value {
  return {
    Effect: effect ?? 'Allow',
    Action: actions,
    Resource: resources.length === 1 ? (resources[0] as Value) : resources,
    ...(condition !== undefined && { Condition: condition }),
  };
}
