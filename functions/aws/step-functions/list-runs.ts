import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import { type ListedRun, listedPhase } from '../../domain/run/list.ts';
import { stepFunctions } from '../clients/sfn.ts';
import { parseObject } from './history-payload.ts';

/** Open executions of a machine that a list names at most; the API gives the newest first. */
const mostOpen = 100;
/** Of so many the history is read, to say in which phase they are: a call each. */
const looked = 20;
/** The newest events, among which the phase is. */
const newestEvents = 100;
/** Ended executions of a page: each is described by a call of its own. */
const pageSize = 20;

/** Open executions of a state machine, the newest first. */
export interface OpenRuns {
  runs: ListedRun[];
  /** There are more than a list names. */
  more: boolean;
}

/** A page of ended executions. */
export interface EndedRuns {
  runs: ListedRun[];
  /** Names the next page, for a day; undefined: there is none. */
  next: string | undefined;
}

/** The open executions of a state machine (`ListExecutions`), the first of them with their phase. */
export async function listOpenRuns(stateMachineArn: string): Promise<OpenRuns> {
  const { executions = [], nextToken } = await stepFunctions().send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: mostOpen }),
  );
  const runs = executions.map((item, index) => (index < looked ? look(item) : describe(item)));
  return { runs: await Promise.all(runs), more: nextToken !== undefined };
}

/**
 * A page of the executions of a state machine that have ended, the newest start first.
 * @param after what the page before said
 */
export async function listEndedRuns(stateMachineArn: string, after: string | undefined): Promise<EndedRuns> {
  const { executions = [], nextToken } = await stepFunctions().send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: pageSize, nextToken: after }),
  );
  const ended = executions.filter(({ status }) => status !== 'RUNNING');
  return { runs: await Promise.all(ended.map(describe)), next: nextToken };
}

async function look(item: ExecutionListItem): Promise<ListedRun> {
  const { executionArn = '' } = item;
  const [listed, { events = [] }] = await Promise.all([
    describe(item),
    stepFunctions().send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: newestEvents }),
    ),
  ]);
  const states = events
    .toReversed()
    .flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return { ...listed, ...listedPhase(executionArn, states) };
}

/** An execution may be deleted between the list and its description. */
async function describe(item: ExecutionListItem): Promise<ListedRun> {
  const { executionArn = '', status = '', startDate, stopDate } = item;
  const { input, error } = await stepFunctions()
    .send(new DescribeExecutionCommand({ executionArn }))
    .catch((failure: Error) => {
      if (failure.name === 'ExecutionDoesNotExist') return { input: undefined, error: undefined };
      throw failure;
    });
  const { database } = parseObject(input) ?? {};
  return {
    executionArn,
    status,
    startedAt: startDate?.toISOString() ?? '',
    endedAt: stopDate?.toISOString() ?? null,
    database: typeof database === 'string' ? database : null,
    error: error ?? null,
    phase: null,
    state: null,
  };
}
