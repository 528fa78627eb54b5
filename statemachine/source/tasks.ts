import type { FunctionKey } from '../../deploy/functions.ts';
import { type Expression, placeholder, type Value, x } from './expressions.ts';
import { type AnyError, failure } from './failures.ts';
import { type Level, type State, type Way, way, writeLevel } from './level.ts';
import { faults, type Retry, throttled } from './policies.ts';

interface Caught<Name extends string, Variable extends string> extends Way<Name, Variable> {
  errors: readonly AnyError[];
}

export interface AnyTask<Name extends string, Variable extends string> extends Way<Name, Variable> {
  /** What operators read in the console. */
  comment: string;
  /** Named errors that lead elsewhere than all others. */
  caught?: Caught<Name, Variable>[];
  /**
   * Where every other error leads. A name alone: the error is kept as failure of the run. Null is for states inside a
   * Map: the Map fails with it.
   */
  failed: Name | Way<Name, Variable> | null;
}

interface OurTask<Name extends string, Variable extends string> extends AnyTask<Name, Variable> {
  /** Variables that the function is given, each under its own name. The execution's ARN is always given. */
  given: readonly Variable[];
  /** What it is given besides. */
  with?: Record<string, Value>;
  /** Its function, where that does not go by the name of the state. */
  function?: FunctionKey;
}

export interface Task<Name extends string, Variable extends string> extends OurTask<Name, Variable> {
  seconds: number;
  /** An empty list: may never be called twice. */
  retry: readonly Retry[];
}

export interface Wait<Name extends string, Variable extends string> extends OurTask<Name, Variable> {
  /** Seconds to the next look: `ticks.ts`. */
  tick: Expression;
  /** The choice that is asked when a look was no yes. */
  notYet: Name;
  /** A person who asks to stop only wakes it: there is no stopping here. */
  cannotStop?: true;
  /** A person answers, so no event does. */
  kind?: 'approval';
}

export interface Start<Name extends string, Variable extends string> extends AnyTask<Name, Variable> {
  /** Placeholder of the machine. */
  machine: string;
  /** Name of the execution: a second start of the same name is refused by AWS. */
  execution: Expression;
  /** Its input: the ARN of this execution and more, or one that stands for itself. */
  with?: Record<string, Value>;
  input?: Expression;
}

export interface Each<Name extends string, Variable extends string> extends AnyTask<Name, Variable> {
  items: Expression | readonly string[];
  /** Have names of their own, and lead only to each other. */
  states: Level;
}

export const lambda = `arn:${placeholder('partition')}:states:::lambda:invoke`;
/** Every task knows its execution. */
export const execution = { executionArn: x`$states.context.Execution.Id` };
/** What answers a task that waits. */
export const token = { token: x`$states.context.Task.Token` };
/** A tick that has run out, or was ended by an event; of an approval by a wrong phrase, never by an event. */
const ticked = ['States.Timeout', 'States.HeartbeatTimeout', 'BlueGreen.Woken'] as const;

export function task<Name extends string, Variable extends string>(of: Task<Name, Variable>): State {
  return (name) => ({
    Type: 'Task',
    Comment: of.comment,
    Resource: lambda,
    Arguments: {
      FunctionName: placeholder(of.function ?? functionKey(name)),
      Payload: { ...execution, ...variables(of.given), ...of.with },
    },
    TimeoutSeconds: of.seconds,
    ...(of.retry.length > 0 && { Retry: askingAgain(of.retry) }),
    ...catches(of.caught, of.failed),
    ...way(of),
  });
}

/** Whatever may be repeated at all is asked again when AWS turns it away unseen. */
function askingAgain(retry: readonly Retry[]): readonly Retry[] {
  const hasOwn = retry.some(({ ErrorEquals }) => ErrorEquals.includes('BlueGreen.Throttled'));
  return hasOwn ? retry : [...retry, throttled];
}

/** Looks by its function, and again when its tick runs out or an event wakes it. */
export function wait<Name extends string, Variable extends string>(of: Wait<Name, Variable>): State {
  const approval = of.kind === 'approval';
  const errors: AnyError[] = [...ticked];
  if (of.cannotStop) errors.push('BlueGreen.StopRequested');
  return (name) => ({
    Type: 'Task',
    Comment: of.comment,
    Resource: `${lambda}.waitForTaskToken`,
    Arguments: {
      FunctionName: placeholder(of.function ?? functionKey(name)),
      Payload: {
        state: name,
        kind: of.kind ?? 'wait',
        group: approval ? x`$group.name` : null,
        ...execution,
        ...token,
        ...variables(of.given),
        ...of.with,
      },
    },
    TimeoutSeconds: of.tick,
    Retry: [faults],
    ...catches([{ errors, next: of.notYet }, ...(of.caught ?? [])], of.failed),
    ...way(of),
  });
}

/** Starts another machine and does not wait for it. */
export function start<Name extends string, Variable extends string>(of: Start<Name, Variable>): State {
  return () => ({
    Type: 'Task',
    Comment: of.comment,
    Resource: `arn:${placeholder('partition')}:states:::states:startExecution`,
    Arguments: {
      StateMachineArn: placeholder(of.machine),
      Name: of.execution,
      Input: of.input ?? { ...execution, ...of.with },
    },
    TimeoutSeconds: 60,
    ...catches(of.caught, of.failed),
    ...way(of),
  });
}

/** Goes through states of its own once for each item, side by side. */
export function each<Name extends string, Variable extends string>(of: Each<Name, Variable>): State {
  return () => ({
    Type: 'Map',
    Comment: of.comment,
    Items: of.items,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      ...writeLevel(of.states),
    },
    ...catches(of.caught, of.failed),
    ...way(of),
  });
}

/** The Catch of a task: named errors first, all others last. */
export function catches(
  caught: Caught<string, string>[] = [],
  failed: string | Way<string, string> | null,
): { Catch?: object[] } {
  const all = typeof failed === 'string' ? { assign: failure, next: failed } : failed;
  const list = [...caught, ...(all ? [{ errors: ['States.ALL'] as const, ...all }] : [])];
  return list.length > 0
    ? { Catch: list.map(({ errors, ...rest }) => ({ ErrorEquals: errors, ...way(rest) })) }
    : {};
}

const variables = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, x`$${name}`]));

/** `Wait for green` → `waitForGreen`. */
function functionKey(state: string): string {
  const [first = '', ...rest] = state.split(' ');
  return (
    first.toLowerCase() +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('')
  );
}
