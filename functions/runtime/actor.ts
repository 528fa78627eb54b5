import { AsyncLocalStorage } from 'node:async_hooks';
import type { StateName } from '../domain/model/states.ts';
import type { LogFields } from './log.ts';

/**
 * Who a handler works for, as its log has it: its state. The handler that several states share has a name of its own, and so has every
 * question to the function that speaks SQL.
 */
export type TaskName = StateName | 'Announce' | `Database: ${string}`;

/** Who acts, for the record of changes: a state, or a function that no state calls, and the execution that it acts for. */
export type Actor = LogFields & { executionArn: string } & ({ state: TaskName } | { function: string });

const acting = new AsyncLocalStorage<Actor>();

/** Everything that the work changes is recorded as this actor's. */
export function actAs<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result> {
  return acting.run(actor, work);
}

/** Undefined outside {@link actAs}. */
export const currentActor = (): Actor | undefined => acting.getStore();
