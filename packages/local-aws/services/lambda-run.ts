import type { Context } from 'aws-lambda';
import type { LocalClock } from '../clock.ts';
import { copyJson } from '../states/json.ts';
import { startInSandbox } from '../wire/sandbox.ts';

// biome-ignore lint/suspicious/noExplicitAny: a handler names the type of its own event
export type LambdaHandler = (event: any, context: Context) => unknown;

/** A failure as the Node.js runtime writes it; Step Functions matches `errorType` in Retry and Catch. */
export interface LambdaError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type LambdaResult = { payload: unknown } | { error: LambdaError };

/** Bytes of a synchronous answer: 6 MB and a little, as Lambda's own message says. */
const largestResponse = 6_291_556;

/** Which function runs, for whom and how long. */
export interface Run {
  functionName: string;
  arn: string;
  requestId: string;
  timeoutSeconds: number;
  /** AWS calls after which the function crashes, if it makes so many. */
  crashAfterCalls?: number;
  /** Key of its role, under which its in-process calls are signed. */
  accessKeyId?: string;
}

/** Runs a handler once, as Lambda does: JSON in, JSON out, errors by name, and no longer than its timeout. */
export function runHandler(
  clock: LocalClock,
  handler: LambdaHandler,
  payload: unknown,
  run: Run,
): Promise<LambdaResult> {
  return clock.during(`function ${run.functionName}`, async () => {
    const context = createContext(clock, run);
    const work = startInSandbox(() => answerOf(handler, copyJson(payload) ?? null, context), run);
    const timedOut = Promise.withResolvers<LambdaResult>();
    const callOff = clock.after(run.timeoutSeconds * 1000, () => {
      work.end();
      timedOut.resolve({ error: describeTimeout(run) });
    });
    const crashed = work.crashed.then(() => ({ error: describeCrash(run) }));
    return Promise.race([work.result, timedOut.promise, crashed]).finally(callOff);
  });
}

async function answerOf(handler: LambdaHandler, event: unknown, context: Context): Promise<LambdaResult> {
  try {
    return serialize(await handler(event, context));
  } catch (error) {
    return { error: describeThrown(error) };
  }
}

function describeTimeout({ requestId, timeoutSeconds }: Run): LambdaError {
  const message = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${message}` };
}

function describeCrash({ requestId }: Run): LambdaError {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}

/** Whether the function had no say in how it ended. */
export function isBrokenOff(result: LambdaResult): boolean {
  return 'error' in result && /^(Sandbox\.Timedout|Runtime\.ExitError)$/.test(result.error.errorType);
}

function serialize(result: unknown): LambdaResult {
  const text = JSON.stringify(result ?? null);
  const size = Buffer.byteLength(text);
  if (size <= largestResponse) return { payload: JSON.parse(text) };
  const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${largestResponse} bytes).`;
  return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function describeThrown(thrown: unknown): LambdaError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

function createContext(clock: LocalClock, { functionName, arn, requestId, timeoutSeconds }: Run): Context {
  const deadline = clock.now() + timeoutSeconds * 1000;
  const context: Omit<Context, 'done' | 'fail' | 'succeed'> = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
    invokedFunctionArn: arn,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: requestId,
    memoryLimitInMB: '256',
  };
  // The runtime for Node.js 24 has no callbacks any more; the types still name the three old ways to end.
  return context as Context;
}
