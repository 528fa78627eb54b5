import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import type { Execution } from './execution.ts';
import { present } from './json.ts';

/** The execution as DescribeExecution shows it. */
export function describeExecution(execution: Execution): DescribeExecutionOutput {
  const { order, output, error, cause, stopDate, redriveDate } = execution;
  const obstacle = execution.redriveObstacle();
  return {
    executionArn: order.arn,
    stateMachineArn: order.revision.machineArn,
    name: order.name,
    status: execution.status,
    startDate: execution.startDate,
    input: order.input,
    inputDetails: { included: true },
    redriveCount: execution.redriveCount,
    redriveStatus: obstacle === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...present({ stopDate, redriveDate, output, error, cause, redriveStatusReason: obstacle }),
    ...(output === undefined ? {} : { outputDetails: { included: true } }),
    ...present({ stateMachineVersionArn: order.versionArn, stateMachineAliasArn: order.aliasArn }),
  };
}
