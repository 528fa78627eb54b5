import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { AwsError } from '../wire/service.ts';
import {
  type LambdaError,
  type LambdaHandler,
  type LambdaResult,
  type Run,
  runHandler,
} from './lambda-run.ts';

export type { LambdaError, LambdaHandler, LambdaResult } from './lambda-run.ts';

/** One invocation that has ended. Times are milliseconds of the run's clock. */
export interface Invocation {
  functionName: string;
  requestId: string;
  payload: unknown;
  startedAt: number;
  endedAt: number;
  result: LambdaResult;
}

/** What goes wrong with one invocation. */
export interface LambdaFault {
  /** Refused before the function runs, for example `Lambda.TooManyRequestsException`. */
  refuse?: AwsError;
  /**
   * The function crashes when this many of its in-process AWS calls are processed, before it hears the last one's
   * answer; 0 is before it sends the first. One that makes fewer calls ends as usual.
   */
  crashAfterCalls?: number;
  /** The function runs to its end and this is what the caller hears instead. */
  replaceResult?: LambdaError;
}

/** What a call of a function takes beside its work, in milliseconds of the clock. */
export interface LambdaLatency {
  warm: number;
  /** Where no sandbox of the function is free: one is made. */
  cold: number;
  /** So long a free sandbox is kept. */
  kept: number;
}

export interface LambdaOptions {
  /** By default a call takes no time of its own. */
  latency?: LambdaLatency;
  /** Time by which functions run out of time. The handlers themselves use the runtime's clock, which should be the same. */
  clock: LocalClock;
  region?: string;
  accountId?: string;
  onInvoke?: (invocation: Invocation) => void;
  intercept?: (functionName: string, payload: unknown) => LambdaFault | undefined;
}

interface Registered {
  handler: LambdaHandler;
  timeoutSeconds: number;
  accessKeyId?: string;
}

/** The local AWS Lambda: functions by name, run in this process. */
export class LambdaService {
  readonly #functions = new Map<string, Registered>();
  readonly #options: LambdaOptions;
  /** When each free sandbox of a function came to rest. */
  readonly #sandboxes = new Map<string, number[]>();

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  /**
   * Registers a function, or replaces it. `timeoutSeconds` is Lambda's `Timeout`, by default 3 s as there; `accessKeyId` is the key of
   * its role, without which its calls are signed as its clients sign.
   */
  register(
    name: string,
    handler: LambdaHandler,
    { timeoutSeconds = 3, ...rest }: Partial<Omit<Registered, 'handler'>> = {},
  ): void {
    this.#functions.set(name, { handler, timeoutSeconds, ...rest });
  }

  arnOf(functionName: string): string {
    const { region = 'us-east-1', accountId = '123456789012' } = this.#options;
    return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
  }

  /** ARN of a function that is named in any way, with the qualifier that the name or the call has. */
  qualifiedArn(name: string, qualifier?: string): string {
    const arn = this.arnOf(readFunctionName(name));
    const after = qualifier ?? name.replace(/^.*\bfunction:/, '').split(':')[1];
    return after === undefined ? arn : `${arn}:${after}`;
  }

  /**
   * Runs a function and waits for it. `name` is a name or an ARN, with or without a qualifier. Throws what Lambda itself
   * refuses, named as Step Functions names it: `Lambda.ResourceNotFoundException` and what `intercept` says.
   */
  async invoke(name: string, payload: unknown): Promise<LambdaResult> {
    const { functionName, handler, timeoutSeconds, accessKeyId } = this.#find(name);
    const fault = this.#options.intercept?.(functionName, payload);
    if (fault?.refuse) throw fault.refuse;
    const { clock } = this.#options;
    await this.#reach(functionName);
    const requestId = randomUUID();
    const startedAt = clock.now();
    const arn = this.qualifiedArn(name);
    const { crashAfterCalls } = fault ?? {};
    const run: Run = {
      ...{ functionName, arn, requestId, timeoutSeconds },
      ...(crashAfterCalls !== undefined && { crashAfterCalls }),
      ...(accessKeyId !== undefined && { accessKeyId }),
    };
    const ended = await runHandler(clock, handler, payload, run);
    this.#rest(functionName);
    const result = fault?.replaceResult ? { error: fault.replaceResult } : ended;
    this.#options.onInvoke?.({ functionName, requestId, payload, startedAt, endedAt: clock.now(), result });
    return result;
  }

  /** Looks whether a function is there and may be invoked, and runs nothing. Throws what {@link invoke} would be refused with. */
  dryRun(name: string): void {
    const { functionName } = this.#find(name);
    const fault = this.#options.intercept?.(functionName, undefined);
    if (fault?.refuse) throw fault.refuse;
  }

  /** The newest free sandbox is taken, or a new one is made. */
  async #reach(functionName: string): Promise<void> {
    const { clock, latency } = this.#options;
    if (!latency) return;
    const since = this.#sandboxes.get(functionName)?.pop();
    const isWarm = since !== undefined && clock.now() - since < latency.kept;
    await clock.sleep(isWarm ? latency.warm : latency.cold);
  }

  #rest(functionName: string): void {
    const free = this.#sandboxes.get(functionName) ?? [];
    free.push(this.#options.clock.now());
    this.#sandboxes.set(functionName, free);
  }

  /**
   * Accepts an invocation and does not wait. As Lambda does it, a failed one is tried twice more, after one minute and
   * after two. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  invokeLater(name: string, payload: unknown): void {
    this.#find(name);
    this.#options.clock.detached(() => void this.#tryThreeTimes(name, payload));
  }

  async #tryThreeTimes(name: string, payload: unknown): Promise<void> {
    for (const waitMs of [0, 60_000, 120_000]) {
      if (waitMs > 0) await this.#options.clock.sleep(waitMs);
      const result = await this.invoke(name, payload).catch((refusal: unknown) => ({ refusal }));
      if ('payload' in result) return;
    }
  }

  #find(name: string) {
    const functionName = readFunctionName(name);
    const found = this.#functions.get(functionName);
    if (found) return { functionName, ...found };
    const message = `Function not found: ${this.arnOf(functionName)}`;
    throw new AwsError('Lambda.ResourceNotFoundException', message, 404, { Type: 'User' });
  }
}

/** `name`, `name:qualifier`, `account:function:name` and ARNs, with or without a qualifier, all name one function. */
function readFunctionName(name: string): string {
  const afterMarker = name.replace(/^.*\bfunction:/, '');
  return afterMarker.split(':')[0] ?? name;
}
