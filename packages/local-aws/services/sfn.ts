import type * as Sfn from '@aws-sdk/client-sfn';
import { describeExecution } from '../states/description.ts';
import type { StatesEngine } from '../states/engine.ts';
import type { Execution } from '../states/execution.ts';
import { readPlace, writePageToken } from '../wire/page-token.ts';
import { AwsError, type Service } from '../wire/service.ts';

/** Step Functions on the wire: the operations that the workflow, its tools and its operators use. */
export function sfnService(engine: StatesEngine): Service {
  return {
    name: 'states',
    operations: { ...executionOperations(engine), ...taskOperations(engine), ...machineOperations(engine) },
  };
}

function executionOperations(engine: StatesEngine): Service['operations'] {
  return {
    StartExecution(input: Sfn.StartExecutionInput): Sfn.StartExecutionOutput {
      return engine.startExecution({
        ...input,
        stateMachineArn: required(input.stateMachineArn, 'stateMachineArn'),
      });
    },

    DescribeExecution({
      executionArn,
      includedData,
    }: Sfn.DescribeExecutionInput): Sfn.DescribeExecutionOutput {
      const execution = engine.describeExecution(required(executionArn, 'executionArn'));
      if (includedData !== 'METADATA_ONLY') return execution;
      const { input: _input, output: _output, ...metadata } = execution;
      return { ...metadata, inputDetails: { included: false }, outputDetails: { included: false } };
    },

    GetExecutionHistory(input: Sfn.GetExecutionHistoryInput): Sfn.GetExecutionHistoryOutput {
      const all = engine.getExecutionHistory(required(input.executionArn, 'executionArn'));
      const ordered = input.reverseOrder === true ? all.toReversed() : all;
      const { items, nextToken } = page(ordered, input.maxResults, input.nextToken);
      const events = input.includeExecutionData === false ? items.map(withoutData) : items;
      return { events, ...nextToken };
    },

    ListExecutions(input: Sfn.ListExecutionsInput): Sfn.ListExecutionsOutput {
      const arn = required(input.stateMachineArn, 'stateMachineArn');
      const listed = engine.listExecutions(arn, input.statusFilter).filter(byRedrive(input.redriveFilter));
      const { items, nextToken } = page(listed, input.maxResults, input.nextToken);
      return { executions: items.map(listItem), ...nextToken };
    },

    StopExecution({ executionArn, error, cause }: Sfn.StopExecutionInput): Promise<Sfn.StopExecutionOutput> {
      return engine.stopExecution(required(executionArn, 'executionArn'), error, cause);
    },

    DescribeStateMachineForExecution(
      input: Sfn.DescribeStateMachineForExecutionInput,
    ): Sfn.DescribeStateMachineForExecutionOutput {
      return engine.describeStateMachineForExecution(required(input.executionArn, 'executionArn'));
    },

    RedriveExecution({ executionArn }: Sfn.RedriveExecutionInput): Sfn.RedriveExecutionOutput {
      return engine.redriveExecution(required(executionArn, 'executionArn'));
    },
  };
}

function taskOperations(engine: StatesEngine): Service['operations'] {
  return {
    SendTaskSuccess({ taskToken, output }: Sfn.SendTaskSuccessInput): Sfn.SendTaskSuccessOutput {
      engine.sendTaskSuccess(required(taskToken, 'taskToken'), required(output, 'output'));
      return {};
    },

    SendTaskFailure({ taskToken, error, cause }: Sfn.SendTaskFailureInput): Sfn.SendTaskFailureOutput {
      engine.sendTaskFailure(required(taskToken, 'taskToken'), error, cause);
      return {};
    },

    SendTaskHeartbeat({ taskToken }: Sfn.SendTaskHeartbeatInput): Sfn.SendTaskHeartbeatOutput {
      engine.sendTaskHeartbeat(required(taskToken, 'taskToken'));
      return {};
    },
  };
}

function machineOperations({ machines }: StatesEngine): Service['operations'] {
  return {
    ListStateMachines({ maxResults, nextToken }: Sfn.ListStateMachinesInput): Sfn.ListStateMachinesOutput {
      const { items, nextToken: more } = page(machines.list(), maxResults, nextToken);
      return { stateMachines: items, ...more };
    },

    DescribeStateMachine({ stateMachineArn }: Sfn.DescribeStateMachineInput): Sfn.DescribeStateMachineOutput {
      return machines.describe(required(stateMachineArn, 'stateMachineArn'));
    },

    ListStateMachineVersions(input: Sfn.ListStateMachineVersionsInput): Sfn.ListStateMachineVersionsOutput {
      const versions = machines.versions(required(input.stateMachineArn, 'stateMachineArn'));
      const { items, nextToken } = page(versions, input.maxResults, input.nextToken);
      return { stateMachineVersions: items, ...nextToken };
    },

    ListStateMachineAliases(input: Sfn.ListStateMachineAliasesInput): Sfn.ListStateMachineAliasesOutput {
      const aliases = machines.aliases(required(input.stateMachineArn, 'stateMachineArn'));
      const { items, nextToken } = page(aliases, input.maxResults, input.nextToken);
      return { stateMachineAliases: items, ...nextToken };
    },

    ListTagsForResource({ resourceArn }: Sfn.ListTagsForResourceInput): Sfn.ListTagsForResourceOutput {
      return { tags: machines.tags(required(resourceArn, 'resourceArn')) };
    },
  };
}

function required(value: string | undefined, field: string): string {
  if (value === undefined || value === '') {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${field}' must not be null`,
    );
  }
  return value;
}

/** The default page of the API and its largest one. */
const defaultPage = 100;
const largestPage = 1000;

/** One page of a list. `maxResults` 0 means the default; the token holds the place of the next item. */
function page<T>(list: readonly T[], maxResults: number | undefined, token: string | undefined) {
  const size = maxResults === undefined || maxResults === 0 ? defaultPage : maxResults;
  if (!Number.isInteger(size) || size < 0 || size > largestPage) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'maxResults' must be 0 to ${largestPage}`,
    );
  }
  const start = readPlace(token);
  if (Number.isNaN(start)) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  const end = start + size;
  return {
    items: list.slice(start, end),
    nextToken: end < list.length ? { nextToken: writePageToken(end) } : {},
  };
}

function byRedrive(filter: Sfn.ExecutionRedriveFilter | undefined): (execution: Execution) => boolean {
  if (filter === undefined) return () => true;
  return (execution) => execution.redriveCount > 0 === (filter === 'REDRIVEN');
}

function listItem(execution: Execution): Sfn.ExecutionListItem {
  const {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate,
    stopDate,
    redriveCount,
    redriveDate,
    ...rest
  } = describeExecution(execution);
  const { stateMachineVersionArn, stateMachineAliasArn } = rest;
  return {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate,
    stopDate,
    redriveCount,
    redriveDate,
    stateMachineVersionArn,
    stateMachineAliasArn,
  };
}

const data = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** An event without the data that passed through it: what `includeExecutionData: false` asks for. */
function withoutData(event: Sfn.HistoryEvent): Sfn.HistoryEvent {
  const bare = Object.entries(event).map(([key, value]) => {
    if (!key.endsWith('EventDetails')) return [key, value];
    return [key, Object.fromEntries(Object.entries(value as object).filter(([field]) => !data.has(field)))];
  });
  return Object.fromEntries(bare) as Sfn.HistoryEvent;
}
