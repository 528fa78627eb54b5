import type { LocalClock } from '../clock.ts';
import type { Cancellation } from './cancellation.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import type { Lane } from './running-lane.ts';
import type { Tokens } from './tokens.ts';

/** What a function answered: Lambda's payload, or the error it reports as a function error. */
export type InvokeResult =
  | { payload: unknown }
  | { error: { errorType: string; errorMessage: string; trace?: string[] } };

/** The services that tasks call. */
export interface TaskServices {
  /** Invokes a function by name or ARN. A fault of the service is thrown, with a `name` that begins with `Lambda.`. */
  invoke(functionName: string, payload: Json): Promise<InvokeResult>;
  /** Looks whether a function can be invoked, and runs nothing; without it every function can. Faults are thrown as by `invoke`. */
  dryRun?: ((functionName: string) => void) | undefined;
  /** Publishes what `arn:aws:states:::sns:publish` was given; answers as the API does. Its faults are thrown. */
  publish?: ((message: { [key: string]: Json }) => Promise<{ MessageId?: string }>) | undefined;
  /** Starts an execution, as `arn:aws:states:::states:startExecution` does. */
  startExecution(input: { stateMachineArn: string; name?: string; input?: string }): {
    executionArn: string;
    startDate: Date;
  };
}

/** What one execution lends to its states. */
export interface Run {
  readonly clock: LocalClock;
  readonly random: () => number;
  readonly region: string;
  /** ARN of the state machine. */
  readonly machineArn: string;
  readonly history: History;
  readonly tokens: Tokens;
  readonly services: TaskServices;
  /** `Execution` and `StateMachine` of the context object. */
  context(): { [key: string]: Json };
  /** What entering a state takes, in milliseconds. */
  readonly transitionMs: number;
  /** A state was entered or tried again: what the service charges for. */
  countTransition(): void;
  /** Runs the states of a lane to its end; throws the error that none of them caught. */
  follow(lane: Lane, cancellation: Cancellation): Promise<void>;
}
