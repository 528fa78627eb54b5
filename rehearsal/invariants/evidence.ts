import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { StateName } from '../../functions/domain/model/states.ts';
import type { Request } from '../../functions/domain/request/request.ts';
import type { Mutation } from '../../packages/local-aws/rds/journal.ts';
import type { FunctionCall } from '../../packages/local-aws/wire/function-calls.ts';

/** A database became writable for applications, or ceased to be. */
export interface Writability {
  at: number;
  resourceId: string;
  writable: boolean;
}

interface RowsFound {
  acknowledged: number;
  lost: number;
  doubled: number;
  /** The kinds of clients that lost rows, where there are kinds. */
  kinds?: readonly { kind: string; lost: number }[];
}

/** Something that costs money, by the name it has now. */
export interface Billable {
  name: string;
  resourceId: string;
}

/** A write that a database has confirmed to a client. Times are real milliseconds. */
export interface Acknowledgement {
  /** Resource id of the database that took it; null where an earlier attempt had. */
  server: string | null;
  /** When its commit was asked for, and when that was confirmed. */
  askedAt: number;
  at: number;
}

interface Message {
  at: number;
  subject: string | undefined;
  message: string;
  attributes: Record<string, { StringValue?: string | undefined }>;
}

/** What was recorded of a run, whichever data plane it had. Times are those of the run's clock. */
export interface Evidence {
  /** Name of the end state, or the status of an execution that has none. */
  end: string;
  /** Resource id of the database that served before the run. */
  blue: string;
  history: readonly HistoryEvent[];
  /** Histories of the executions that went back, or tried to. */
  goingsBack: readonly (readonly HistoryEvent[])[];
  mutations: readonly Mutation[];
  /** In order of time, from before the run began. */
  writability: readonly Writability[];
  /** Resource id that the production name leads to at the end. */
  production: string | undefined;
  /** Blue as the API described it before and after; times that pass by themselves left out. */
  blueBefore: unknown;
  blueAfter: unknown;
  /** Resource ids of what was there before the run and has nothing to do with it. */
  foreign: readonly string[];
  /** What the run made, and old blue, as far as it is still there; without what serves production. */
  left: readonly Billable[];
  /** What was told of this run, the last at the end. */
  announcements: readonly Message[];
  /** What the approvers were sent. */
  questions: readonly Message[];
  /** Lines that functions wrote, since the account is there. */
  logs: readonly string[];
  /** What functions asked of AWS since then, readings left out. */
  functionCalls: readonly FunctionCall[];
  /** Invocations of functions that ended in a crash or ran out of time. */
  brokenOff: number;
  /** Histories of all executions of the account, by ARN. */
  executions: ReadonlyMap<string, readonly HistoryEvent[]>;
  /** What the clients found; undefined where nothing wrote. */
  rows: RowsFound | undefined;
  /** Every write that was confirmed to a client, wherever it was sent; undefined where nothing wrote. */
  acknowledgements?: readonly Acknowledgement[] | undefined;
  /** Slots, publications and the like that are left on a server; undefined where there are no servers. */
  leftovers: readonly string[] | undefined;
}

const read = new WeakMap<HistoryEvent, Record<string, unknown>>();

/** Parameters of the task that an event schedules, read once for all invariants; empty of any other event. */
export function parametersOf(event: HistoryEvent): Record<string, unknown> {
  const { parameters } = event.taskScheduledEventDetails ?? {};
  if (parameters === undefined) return {};
  const known = read.get(event) ?? (JSON.parse(parameters) as Record<string, unknown>);
  read.set(event, known);
  return known;
}

/** Names of the states in the order in which they were entered. */
export function enteredStates(history: readonly HistoryEvent[]): { name: StateName; at: number }[] {
  return history.flatMap(({ stateEnteredEventDetails, timestamp }) =>
    stateEnteredEventDetails?.name
      ? [{ name: stateEnteredEventDetails.name as StateName, at: timestamp?.getTime() ?? 0 }]
      : [],
  );
}

/** A variable as a state assigned it when it was left, the newest of that state; undefined when it never did. */
export function assignedBy(history: readonly HistoryEvent[], state: StateName, variable: string): unknown {
  const left = history.findLast(
    ({ stateExitedEventDetails: details }) =>
      details?.name === state && details.assignedVariables?.[variable] !== undefined,
  );
  const text = left?.stateExitedEventDetails?.assignedVariables?.[variable];
  return text === undefined ? undefined : JSON.parse(text);
}

/** The request as the run took it; undefined when it was refused. */
export function requestOf({ history }: Evidence): Request | undefined {
  return assignedBy(history, 'Validate request', 'request') as Request | undefined;
}

/** Accepted calls of these operations. */
export function accepted(evidence: Evidence, ...operations: string[]): Mutation[] {
  return evidence.mutations.filter(
    ({ operation, refused }) => refused === undefined && operations.includes(operation),
  );
}

/** When the switchover was accepted; undefined when it never was. */
export function cutAt(evidence: Evidence): number | undefined {
  return accepted(evidence, 'SwitchoverBlueGreenDeployment')[0]?.at;
}
