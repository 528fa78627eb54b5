import { arn, pascalCase, type Resource, type Resources, type Value } from './cloudformation.ts';
import { type FunctionKey, functionKeys } from './functions.ts';
import { functionLogGroup } from './names.ts';
import { grants } from './permissions/grants.ts';
import type { Statement } from './permissions/statement.ts';
import type { Settings } from './settings.ts';

export const roleId = (key: string): string => `${pascalCase(key)}Role`;

/** A role for every function, with its own rights and nobody else's. */
export function describeFunctionRoles(settings: Settings): Resources {
  return Object.fromEntries(
    functionKeys.map((key) => [
      roleId(key),
      role('lambda.amazonaws.com', undefined, functionStatements(key, settings)),
    ]),
  );
}

/** Everything that a function may do, its own log and trace first. */
export function functionStatements(
  key: FunctionKey,
  { prefix, network, wayBackRecords }: Settings,
): Statement[] {
  return [
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arn('logs', `log-group:${functionLogGroup(prefix, key)}:*`)],
      why: 'its own log; it may not create log groups',
    },
    {
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      resources: ['*'],
      why: 'its trace; the actions know no resource',
    },
    ...(network ? [networkInterfaces] : []),
    ...grants[key].flatMap((grant) => grant(prefix, wayBackRecords)),
  ];
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
