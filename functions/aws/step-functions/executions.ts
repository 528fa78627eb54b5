import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { raisedElsewhere } from '../../domain/model/errors.ts';
import { stepFunctions } from '../clients/sfn.ts';

/** An execution of the state machine, as far as reports need it. */
export interface Run {
  executionArn: string;
  /** Version of the state machine, by its ARN; undefined when it was started without one. */
  machineVersion: string | undefined;
  status: ExecutionStatus;
  /** ISO time. */
  startedAt: string;
  /** Milliseconds since the epoch; undefined while it is open. */
  endedAt: number | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** As it was given, JSON. */
  input: string | undefined;
}

/** One run (`DescribeExecution`); undefined when Step Functions no longer knows it (90 days after its end). */
export async function readRun(executionArn: string): Promise<Run | undefined> {
  try {
    const run = await stepFunctions().send(new DescribeExecutionCommand({ executionArn }));
    return {
      executionArn,
      machineVersion: run.stateMachineVersionArn,
      status: run.status ?? 'RUNNING',
      startedAt: (run.startDate ?? new Date(0)).toISOString(),
      endedAt: run.stopDate?.getTime(),
      error: run.error,
      cause: run.cause,
      input: run.input,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

/** Starts an execution (`StartExecution`) and gives its ARN. The same name and input again is the same execution. */
export async function startExecution({
  stateMachineArn,
  name,
  input,
}: {
  stateMachineArn: string;
  name: string;
  input: object;
}): Promise<string> {
  const started = await stepFunctions().send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  return started.executionArn ?? '';
}

/** Stops an execution where it stands (`StopExecution`). One that has ended stays as it is. */
export async function stopExecution(executionArn: string, cause: string): Promise<void> {
  await stepFunctions().send(
    new StopExecutionCommand({ executionArn, error: raisedElsewhere.stopRequested, cause }),
  );
}

const closed: ExecutionStatus[] = ['ABORTED', 'FAILED', 'SUCCEEDED', 'TIMED_OUT'];

/**
 * ARNs of the runs that ended between two moments (`ListExecutions`, which gives the newest first by
 * their start; every page is read because a run may take weeks).
 */
export async function listEnds(stateMachineArn: string, from: number, to: number): Promise<string[]> {
  const found: string[] = [];
  for (const statusFilter of closed) {
    let nextToken: string | undefined;
    do {
      const page = await stepFunctions().send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter, nextToken }),
      );
      for (const { executionArn, stopDate } of page.executions ?? []) {
        const endedAt = stopDate?.getTime() ?? 0;
        if (executionArn && endedAt > from && endedAt <= to) found.push(executionArn);
      }
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return found;
}
