import type { Json } from './json.ts';

/** A state machine in the Amazon States Language with JSONata, as far as this interpreter runs it. */
export interface Machine extends Flow {
  Comment?: string;
  QueryLanguage: 'JSONata';
  Version?: string;
  /** Seconds; the whole execution ends TIMED_OUT after them. */
  TimeoutSeconds?: number;
}

/** States that follow each other: a machine, a branch of a Parallel, the processor of a Map. */
export interface Flow {
  StartAt: string;
  States: Record<string, State>;
}

/** New values of variables, by name. */
export type Assign = Record<string, Json>;

interface Common {
  Comment?: string;
  QueryLanguage?: 'JSONata';
}

interface Flowing extends Common {
  Next?: string;
  End?: true;
  Assign?: Assign;
  Output?: Json;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  BackoffRate?: number;
  MaxAttempts?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  Assign?: Assign;
  Output?: Json;
}

/** States whose errors can be retried and caught. */
interface Guarded extends Flowing {
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface TaskState extends Guarded {
  Type: 'Task';
  Resource: string;
  Arguments?: Json;
  TimeoutSeconds?: number | string;
  HeartbeatSeconds?: number | string;
}

export interface ParallelState extends Guarded {
  Type: 'Parallel';
  Arguments?: Json;
  Branches: Flow[];
}

export interface MapState extends Guarded {
  Type: 'Map';
  Items?: Json;
  ItemSelector?: Json;
  MaxConcurrency?: number | string;
  ItemProcessor: Flow;
}

export interface ChoiceRule {
  Condition: boolean | string;
  Next: string;
  Assign?: Assign;
  Output?: Json;
}

export interface ChoiceState extends Common {
  Type: 'Choice';
  Choices: ChoiceRule[];
  Default?: string;
  Assign?: Assign;
  Output?: Json;
}

export interface PassState extends Flowing {
  Type: 'Pass';
}

export interface WaitState extends Flowing {
  Type: 'Wait';
  Seconds?: number | string;
  Timestamp?: string;
}

export interface SucceedState extends Common {
  Type: 'Succeed';
  Output?: Json;
}

export interface FailState extends Common {
  Type: 'Fail';
  Error?: string;
  Cause?: string;
}

export type GuardedState = TaskState | ParallelState | MapState;
export type State = GuardedState | ChoiceState | PassState | WaitState | SucceedState | FailState;
export type StateType = State['Type'];
