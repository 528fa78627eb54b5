import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn';
import type { LocalClock } from '../clock.ts';
import { AwsError } from '../wire/service.ts';
import { Cancellation, Cancelled } from './cancellation.ts';
import { StateError } from './errors.ts';
import { type Details, History, whole } from './history.ts';
import type { Json } from './json.ts';
import { present } from './json.ts';
import { follow } from './lane.ts';
import type { Revision } from './machines.ts';
import { quotas } from './quotas.ts';
import type { Run, TaskServices } from './run.ts';
import { Lane } from './running-lane.ts';
import type { Tokens } from './tokens.ts';

/** What an execution is made of. */
export interface Order {
  arn: string;
  name: string;
  /** The input as text, as it was sent. */
  input: string;
  revision: Revision;
  versionArn?: string;
  aliasArn?: string;
}

/** What an execution takes from the engine. */
export interface Surrounding {
  clock: LocalClock;
  random: () => number;
  region: string;
  transitionMs: number;
  tokens: Tokens;
  services: TaskServices;
  /** Called for every event of the history and after every change of the status. */
  onEvent(execution: Execution, event: HistoryEvent): void;
  onStatus(execution: Execution): void;
}

/** How an execution was ended from outside. */
interface Halt {
  status: 'ABORTED' | 'TIMED_OUT';
  error?: string | undefined;
  cause?: string | undefined;
}

/** One execution of a state machine: its status, its history and the lane of its states. */
export class Execution {
  readonly order: Order;
  readonly history: History;
  readonly startDate: Date;
  status: ExecutionStatus = 'RUNNING';
  stopDate: Date | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  redriveCount = 0;
  redriveDate: Date | undefined;
  /** States entered, retries and redrives: what the service charges for. */
  transitions = 0;
  readonly #around: Surrounding;
  readonly #lane: Lane;
  readonly #run: Run;
  /** Expressions read it and give copies. */
  readonly #input: Json;
  #cancellation = new Cancellation();
  #halt: Halt | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(order: Order, around: Surrounding) {
    this.order = order;
    this.#around = around;
    this.startDate = new Date(around.clock.now());
    this.history = new History(around.clock, (event) => around.onEvent(this, event));
    this.#input = JSON.parse(order.input) as Json;
    this.#lane = new Lane(order.revision.machine, this.#input, 0);
    this.#run = {
      ...around,
      machineArn: order.revision.machineArn,
      history: this.history,
      context: () => this.#context(),
      countTransition: () => {
        this.transitions += 1;
      },
      follow: (lane, cancellation) => follow(this.#run, lane, cancellation),
    };
  }

  start(): void {
    const { input, revision, versionArn, aliasArn } = this.order;
    const versions = present({ stateMachineVersionArn: versionArn, stateMachineAliasArn: aliasArn });
    this.#lane.lastEvent = this.history.add('ExecutionStarted', 0, {
      executionStartedEventDetails: { input, inputDetails: whole, roleArn: revision.roleArn, ...versions },
    });
    this.#go();
  }

  /** Ends a running execution as ABORTED; without effect on a closed one. Resolves when its states have stopped. */
  async stop(error?: string, cause?: string): Promise<void> {
    this.#stopWith({ status: 'ABORTED', error, cause });
    await this.#ended;
  }

  /** Goes on from the states that did not succeed. Throws ExecutionNotRedrivable. */
  redrive(): void {
    const obstacle = this.redriveObstacle();
    if (obstacle !== undefined) throw new AwsError('ExecutionNotRedrivable', obstacle);
    this.redriveCount += 1;
    this.redriveDate = new Date(this.#around.clock.now());
    this.#forget();
    const event = this.history.add('ExecutionRedriven', this.history.events.length, {
      executionRedrivenEventDetails: { redriveCount: this.redriveCount },
    });
    continueFrom(this.#lane, event);
    this.#go();
  }

  /** Why the execution cannot be redriven, in the words of DescribeExecution; undefined when it can. */
  redriveObstacle(): string | undefined {
    if (this.status === 'RUNNING' || this.status === 'SUCCEEDED') {
      return `Execution is ${this.status} and cannot be redriven`;
    }
    if (!this.history.open) return 'Execution history event limit exceeded';
    const closed = this.#around.clock.now() - (this.stopDate?.getTime() ?? 0);
    return closed > quotas.redriveMs ? 'Execution redrivable period exceeded' : undefined;
  }

  /** Resolves when the execution is closed. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Starts the states in the background; the work in flight that asked for it does not wait for them. */
  #go(): void {
    this.#around.onStatus(this);
    this.#ended = this.#around.clock.detached(() => this.#drive());
  }

  async #drive(): Promise<void> {
    const seconds = this.order.revision.machine.TimeoutSeconds;
    const stopTimer =
      seconds === undefined
        ? undefined
        : this.#around.clock.after(seconds * 1000, () => this.#stopWith({ status: 'TIMED_OUT' }));
    try {
      await follow(this.#run, this.#lane, this.#cancellation);
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    } finally {
      stopTimer?.();
    }
    this.stopDate = new Date(this.#around.clock.now());
    this.#around.onStatus(this);
  }

  #stopWith(halt: Halt): void {
    if (this.status !== 'RUNNING' || this.#halt !== undefined) return;
    this.#halt = halt;
    this.#cancellation.cancel();
  }

  #succeed(): void {
    this.status = 'SUCCEEDED';
    this.output = JSON.stringify(this.#lane.result?.output);
    this.history.close('ExecutionSucceeded', this.#lane.lastEvent, {
      executionSucceededEventDetails: { output: this.output, outputDetails: whole },
    });
  }

  #fail(reason: unknown): void {
    if (reason instanceof Cancelled && this.#halt !== undefined) {
      this.#closeHalted(this.#halt);
      return;
    }
    const error = reason instanceof StateError ? reason : internal(reason);
    this.status = 'FAILED';
    this.error = error.name;
    this.cause = error.cause;
    this.history.close('ExecutionFailed', this.#lane.lastEvent, {
      executionFailedEventDetails: present({ error: error.name, cause: error.cause }),
    });
  }

  /** An execution that timed out names the error in its last event only: DescribeExecution shows none. */
  #closeHalted(halt: Halt): void {
    this.status = halt.status;
    if (halt.status === 'TIMED_OUT') {
      this.history.close('ExecutionTimedOut', 0, {
        executionTimedOutEventDetails: { error: 'States.Timeout' },
      });
      return;
    }
    this.error = halt.error;
    this.cause = halt.cause;
    const details: Details = {
      executionAbortedEventDetails: present({ error: halt.error, cause: halt.cause }),
    };
    this.history.close('ExecutionAborted', this.#lane.lastEvent, details);
  }

  /** Clears what the end of the last attempt left behind. */
  #forget(): void {
    this.status = 'RUNNING';
    this.stopDate = undefined;
    this.error = undefined;
    this.cause = undefined;
    this.#halt = undefined;
    this.#cancellation = new Cancellation();
    this.transitions += 1;
  }

  #context(): { [key: string]: Json } {
    const { arn, name, revision } = this.order;
    const redriven: { [key: string]: Json } =
      this.redriveDate === undefined ? {} : { RedriveTime: this.redriveDate.toISOString() };
    return {
      Execution: {
        Id: arn,
        Input: this.#input,
        Name: name,
        RoleArn: revision.roleArn,
        StartTime: this.startDate.toISOString(),
        RedriveCount: this.redriveCount,
        ...redriven,
      },
      StateMachine: { Id: revision.machineArn, Name: revision.name },
    };
  }
}

/** A fault of the interpreter must not look like one of the state machine's. */
function internal(reason: unknown): StateError {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  return new StateError('States.Runtime', `The interpreter itself failed: ${text}`);
}

/** The next events of all lanes that have not ended follow the event of the redrive. */
function continueFrom(lane: Lane, event: number): void {
  if (lane.result !== undefined) return;
  if (lane.lastEvent > 0) lane.lastEvent = event;
  for (const inner of lane.inner ?? []) continueFrom(inner, event);
}
