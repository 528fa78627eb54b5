import type { EndName, RehearsalEnd } from '../../functions/domain/model/ends.ts';
import type { Expression, Value } from './expressions.ts';

/** A state as ASL writes it. */
export type Written = { Type: string; Comment: string } & Record<string, unknown>;

/** A state that does not know its name yet. */
export type State = (name: string) => Written;

/** Every state of a phase. */
export type Phase<Name extends string> = Record<Name, State>;

/** States that may lead to each other, and the first. */
export interface Level<Name extends string = string> {
  startAt: Name;
  states: Phase<Name>;
}

/** A state machine. */
export interface Machine<Name extends string = string> extends Level<Name> {
  comment: string;
  /** Limit of an execution. */
  seconds: number;
}

/** Variables of the machine that get a new value. */
export type Assign<Variable extends string> = {
  [Key in Variable]?: Key extends 'end' ? EndName | RehearsalEnd | Expression : Value;
};

/** What leads to another state. */
export interface Way<Name extends string, Variable extends string> {
  assign?: Assign<Variable>;
  next: Name;
}

/** The way on, as ASL writes it. */
export const way = ({ assign, next }: Way<string, string>) => ({
  ...(assign && { Assign: assign }),
  Next: next,
});

/** A machine as ASL writes it. */
export function writeMachine({ comment, seconds, ...level }: Machine): object {
  return { Comment: comment, QueryLanguage: 'JSONata', TimeoutSeconds: seconds, ...writeLevel(level) };
}

/** States with their names, as ASL writes them. */
export function writeLevel({ startAt, states }: Level) {
  const written = Object.entries(states).map(([name, state]) => [name, state(name)]);
  return { StartAt: startAt, States: Object.fromEntries(written) as Record<string, Written> };
}
