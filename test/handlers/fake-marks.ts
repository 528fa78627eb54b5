import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import type { MarkRequest } from '../../functions/domain/close/mark.ts';
import { handler as markDatabases } from '../../functions/events/mark-databases.ts';
import { executionArn } from './fake-rds.ts';

/** Lets the function that marks answer, unchanged and in this process, for an open run of this database. */
export function fakeMarks(database: string, states = mockClient(SFNClient)) {
  process.env.STATE_MACHINE_ARN = executionArn
    .split(':')
    .slice(0, 7)
    .join(':')
    .replace('execution', 'stateMachine');
  process.env.MARK_DATABASES_FUNCTION = 'markDatabases:1';
  const run = {
    executionArn,
    stateMachineArn: '',
    startDate: new Date(0),
    status: 'RUNNING' as const,
    input: JSON.stringify({ database }),
  };
  states.on(DescribeExecutionCommand, { executionArn }).resolves(run);
  const lambda = mockClient(LambdaClient);
  lambda.on(InvokeCommand).callsFake(async ({ Payload }) => {
    const asked = JSON.parse(Buffer.from(Payload).toString()) as MarkRequest;
    return { Payload: Buffer.from(JSON.stringify(await markDatabases(asked))) };
  });
  return lambda;
}
