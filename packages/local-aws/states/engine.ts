import type {
  DescribeExecutionOutput,
  DescribeStateMachineForExecutionOutput,
  ExecutionStatus,
  HistoryEvent,
} from '@aws-sdk/client-sfn';
import type { LocalClock } from '../clock.ts';
import { AwsError } from '../wire/service.ts';
import { describeExecution } from './description.ts';
import { Execution } from './execution.ts';
import { uuid } from './functions.ts';
import { Machines, type Registration } from './machines.ts';
import { executionArn, type Place, requireExecutionArn, requireName } from './names.ts';
import { quotas } from './quotas.ts';
import type { TaskServices } from './run.ts';
import { Tokens } from './tokens.ts';

export type { Registration } from './machines.ts';
export type { InvokeResult } from './run.ts';

export interface EngineOptions extends Partial<Place>, Pick<TaskServices, 'invoke' | 'dryRun' | 'publish'> {
  clock: LocalClock;
  /** Throws where the role of a state machine may not make a call that one of its tasks asks for. */
  allow?: (roleArn: string, call: { service: string; operation: string }, input: unknown) => void;
  /** Numbers in [0, 1): jitter, `$random()`, `$uuid()`, tokens and generated names come from it. */
  random?: () => number;
  /** What entering a state takes, in milliseconds of the clock; by default nothing. */
  transitionMs?: number;
}

/** What happens in an execution, at the moment when it happens. */
export type EngineEvent =
  | { kind: 'history'; executionArn: string; event: HistoryEvent }
  | { kind: 'status'; executionArn: string; execution: DescribeExecutionOutput };

export interface StartInput {
  /** ARN of a state machine, a version or an alias. */
  stateMachineArn: string;
  /** Generated when it is missing. */
  name?: string | undefined;
  /** JSON text; `{}` when it is missing. */
  input?: string | undefined;
}

/**
 * Step Functions on this machine: Standard workflows with JSONata. Refusals are thrown as {@link AwsError} with the
 * names of the API reference (ExecutionDoesNotExist, TaskTimedOut, …).
 */
export class StatesEngine {
  readonly machines: Machines;
  readonly tokens: Tokens;
  readonly #options: EngineOptions;
  readonly #place: Place;
  readonly #random: () => number;
  readonly #executions = new Map<string, Execution>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  constructor(options: EngineOptions) {
    const {
      partition = 'aws',
      region = 'eu-central-1',
      accountId = '123456789012',
      random = Math.random,
    } = options;
    this.#options = options;
    this.#place = { partition, region, accountId };
    this.#random = random;
    this.machines = new Machines(this.#place, () => options.clock.now(), random);
    this.tokens = new Tokens(random);
  }

  /** Registers a state machine or a new revision of one. Throws InvalidDefinition with every fault found. */
  registerStateMachine(registration: Registration): { stateMachineArn: string; creationDate: Date } {
    return this.machines.register(registration);
  }

  /** Calls the listener for every event and every change of status from now on, until the returned function is called. */
  on(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * StartExecution. The same name with the same input is the same execution while it runs; otherwise the name of an
   * execution is taken for 90 days after its end.
   */
  startExecution(given: StartInput): { executionArn: string; startDate: Date } {
    const { name = uuid(this.#random), input = '{}' } = given;
    const target = this.machines.resolve(given.stateMachineArn);
    requireName(name);
    requireInput(input);
    const arn = executionArn(this.#place, target.revision.name, name);
    const known = this.#executions.get(arn);
    if (known !== undefined && this.#takes(known)) {
      if (known.status === 'RUNNING' && known.order.input === input) return started(known);
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = this.#make({ arn, name, input, ...target });
    this.#executions.delete(arn);
    this.#executions.set(arn, execution);
    execution.start();
    return started(execution);
  }

  describeExecution(arn: string): DescribeExecutionOutput {
    return describeExecution(this.execution(arn));
  }

  getExecutionHistory(arn: string): readonly HistoryEvent[] {
    return this.execution(arn).history.events;
  }

  /** The executions of a state machine, the newest first. */
  listExecutions(stateMachineArn: string, status?: ExecutionStatus): Execution[] {
    const { machineArn } = this.machines.resolve(stateMachineArn).revision;
    return [...this.#executions.values()]
      .filter(({ order }) => order.revision.machineArn === machineArn)
      .filter((execution) => status === undefined || execution.status === status)
      .reverse();
  }

  describeStateMachineForExecution(arn: string): DescribeStateMachineForExecutionOutput {
    const { revision } = this.execution(arn).order;
    return {
      stateMachineArn: revision.machineArn,
      name: revision.name,
      definition: revision.definition,
      roleArn: revision.roleArn,
      updateDate: revision.date,
      revisionId: revision.revisionId,
    };
  }

  /** StopExecution: the running states are left at once; functions in flight are not stopped. */
  async stopExecution(arn: string, error?: string, cause?: string): Promise<{ stopDate: Date }> {
    const execution = this.execution(arn);
    await execution.stop(error, cause);
    return { stopDate: execution.stopDate ?? new Date(this.#options.clock.now()) };
  }

  redriveExecution(arn: string): { redriveDate: Date } {
    const execution = this.execution(arn);
    execution.redrive();
    return { redriveDate: execution.redriveDate ?? new Date(this.#options.clock.now()) };
  }

  sendTaskSuccess(token: string, output: string): void {
    this.tokens.succeed(token, output);
  }

  sendTaskFailure(token: string, error?: string, cause?: string): void {
    this.tokens.fail(token, error, cause);
  }

  sendTaskHeartbeat(token: string): void {
    this.tokens.heartbeat(token);
  }

  /** Resolves, with its description, when the execution is closed. */
  async settled(arn: string): Promise<DescribeExecutionOutput> {
    const execution = this.execution(arn);
    await execution.ended;
    return describeExecution(execution);
  }

  /** Throws InvalidArn or ExecutionDoesNotExist. */
  execution(arn: string): Execution {
    requireExecutionArn(arn);
    const execution = this.#executions.get(arn);
    if (execution === undefined)
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  #make(order: ConstructorParameters<typeof Execution>[0]): Execution {
    const options = this.#options;
    return new Execution(order, {
      clock: options.clock,
      random: this.#random,
      region: this.#place.region,
      transitionMs: options.transitionMs ?? 0,
      tokens: this.tokens,
      services: this.#servicesFor(order.revision.roleArn),
      onEvent: (execution, event) =>
        this.#tell({ kind: 'history', executionArn: execution.order.arn, event }),
      onStatus: (execution) =>
        this.#tell({
          kind: 'status',
          executionArn: execution.order.arn,
          execution: describeExecution(execution),
        }),
    });
  }

  #servicesFor(roleArn: string): TaskServices {
    const { allow, invoke, dryRun, publish } = this.#options;
    return {
      invoke: async (FunctionName, payload) => {
        try {
          allow?.(roleArn, { service: 'lambda', operation: 'Invoke' }, { FunctionName });
        } catch (denial) {
          // Assumed: what Lambda does not explain to Step Functions has this name.
          throw Object.assign(denial as Error, { name: 'Lambda.AWSLambdaException' });
        }
        return invoke(FunctionName, payload);
      },
      dryRun:
        dryRun &&
        ((FunctionName) => {
          allow?.(roleArn, { service: 'lambda', operation: 'Invoke' }, { FunctionName });
          dryRun(FunctionName);
        }),
      publish:
        publish &&
        (async (message) => {
          allow?.(roleArn, { service: 'sns', operation: 'Publish' }, message);
          return publish(message);
        }),
      startExecution: (input) => {
        allow?.(roleArn, { service: 'states', operation: 'StartExecution' }, input);
        return this.startExecution(input);
      },
    };
  }

  #tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Whether an execution still takes its name. */
  #takes(execution: Execution): boolean {
    const { stopDate } = execution;
    return stopDate === undefined || this.#options.clock.now() - stopDate.getTime() < quotas.nameMs;
  }
}

function started({ order, startDate }: Execution): { executionArn: string; startDate: Date } {
  return { executionArn: order.arn, startDate };
}

function requireInput(input: string): void {
  const tooLarge = Buffer.byteLength(input) > quotas.payloadBytes;
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError('InvalidExecutionInput', 'Invalid Execution Input: the input is not JSON');
  }
  if (tooLarge) {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid Execution Input: more than ${quotas.payloadBytes} bytes`,
    );
  }
}
