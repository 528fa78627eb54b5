import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { type Rehearsed, readRehearsed } from '../../domain/on-copy/rehearsal.ts';
import { stepFunctions } from '../clients/sfn.ts';

/** So many of the newest rehearsals of all databases are looked at: each is a call. */
const most = 50;

/**
 * The newest rehearsal of a database that went through, as the output of its execution has it; null: Step Functions knows none. It forgets them
 * after 90 days (`ListExecutions`, `DescribeExecution`).
 */
export async function readLastRehearsal(
  stateMachineArn: string,
  resourceId: string,
): Promise<Rehearsed | null> {
  const { executions = [] } = await stepFunctions().send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED', maxResults: most }),
  );
  for (const { executionArn } of executions) {
    const { output } = await stepFunctions().send(new DescribeExecutionCommand({ executionArn }));
    const rehearsed = readRehearsed(output);
    if (rehearsed?.resourceId === resourceId) return rehearsed;
  }
  return null;
}
