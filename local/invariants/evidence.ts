import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Mutation } from '../rds/journal.ts';

/** A database became writable for applications, or ceased to be. */
export interface Writability {
  at: number;
  resourceId: string;
  writable: boolean;
}

/** What was recorded of a run, whichever data plane it had. Times are those of the run's clock. */
export interface Evidence {
  /** Name of the end state, or the status of an execution that has none. */
  end: string;
  /** Resource id of the database that served before the run. */
  blue: string;
  history: readonly HistoryEvent[];
  mutations: readonly Mutation[];
  /** In order of time, from before the run began. */
  writability: readonly Writability[];
  /** Resource id that the production name leads to at the end. */
  production: string | undefined;
  /** Blue as the API described it before and after; times that pass by themselves left out. */
  blueBefore: unknown;
  blueAfter: unknown;
  announcements: readonly { subject: string | undefined; message: string }[];
  /** What the clients found; undefined where nothing wrote. */
  rows: { acknowledged: number; lost: number; doubled: number } | undefined;
  /** Slots, publications and the like that are left on a server; undefined where there are no servers. */
  leftovers: readonly string[] | undefined;
}

/** Names of the states in the order in which they were entered. */
export function enteredStates(history: readonly HistoryEvent[]): { name: string; at: number }[] {
  return history.flatMap(({ stateEnteredEventDetails, timestamp }) =>
    stateEnteredEventDetails?.name
      ? [{ name: stateEnteredEventDetails.name, at: timestamp?.getTime() ?? 0 }]
      : [],
  );
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
