import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
} from '@aws-sdk/client-sfn';
import { stepFunctions } from '../clients/sfn.ts';

/**
 * Answers an open task token (`SendTaskSuccess`).
 * @param output JSON text, at most 256 KiB
 * @returns false when the token was closed before: answered, timed out, or its run has ended
 */
export async function answerToken(token: string, output: string): Promise<boolean> {
  return unlessClosed(stepFunctions().send(new SendTaskSuccessCommand({ taskToken: token, output })));
}

/**
 * Fails an open task token (`SendTaskFailure`).
 * @returns false when the token was closed before
 */
export async function failToken(token: string, error: string, cause: string): Promise<boolean> {
  return unlessClosed(stepFunctions().send(new SendTaskFailureCommand({ taskToken: token, error, cause })));
}

async function unlessClosed(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof Error && /^(TaskTimedOut|TaskDoesNotExist)$/.test(error.name)) return false;
    throw error;
  }
}

/** `RUNNING`, `SUCCEEDED` …; `undefined` when there is no such execution. */
export async function readExecutionStatus(executionArn: string): Promise<string | undefined> {
  try {
    return (await stepFunctions().send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

/** ARNs of the executions of a state machine that are running. */
export async function listOpenExecutions(stateMachineArn: string): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await stepFunctions().send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken }),
    );
    for (const { executionArn } of page.executions ?? []) if (executionArn) found.push(executionArn);
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

/** The history of an execution from its newest event back, page by page (`GetExecutionHistory`). */
export async function* readHistoryBackwards(executionArn: string): AsyncGenerator<HistoryEvent> {
  let nextToken: string | undefined;
  do {
    const page = await stepFunctions().send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 100, nextToken }),
    );
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken);
}
