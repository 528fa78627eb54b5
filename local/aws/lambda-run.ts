import type { Context } from 'aws-lambda';
import { clock } from '../../functions/runtime/clock.ts';
import { startInSandbox } from './sandbox.ts';

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

/** Runs a handler once, as Lambda does: JSON in, JSON out, errors by name, and no longer than its timeout. */
export async function runHandler(
  handler: LambdaHandler,
  payload: unknown,
  identity: { functionName: string; arn: string; requestId: string; timeoutSeconds: number },
): Promise<LambdaResult> {
  const deadline = clock.now() + identity.timeoutSeconds * 1000;
  const context = createContext(identity, deadline);
  let finished = false;
  const work = startInSandbox(async () => {
    try {
      return serialize(await handler(copyJson(payload), context));
    } catch (error) {
      return { error: describeThrown(error) };
    } finally {
      finished = true;
    }
  });
  const timeout = async (): Promise<LambdaResult> => {
    await waitUntil(deadline, () => finished);
    if (finished) return work.result;
    work.end();
    const message = `Task timed out after ${identity.timeoutSeconds.toFixed(2)} seconds`;
    return {
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${identity.requestId} Error: ${message}`,
      },
    };
  };
  return Promise.race([work.result, timeout()]);
}

/** In steps of a second, because a clock's sleep cannot be cancelled: nothing stays behind for longer than that. */
async function waitUntil(deadline: number, isOver: () => boolean): Promise<void> {
  while (!isOver() && clock.now() < deadline) await clock.sleep(Math.min(1000, deadline - clock.now()));
}

function serialize(result: unknown): LambdaResult {
  const text = JSON.stringify(result ?? null);
  const size = Buffer.byteLength(text);
  if (size <= largestResponse) return { payload: JSON.parse(text) };
  const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${largestResponse} bytes).`;
  return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function copyJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function describeThrown(thrown: unknown): LambdaError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

function createContext(
  { functionName, arn, requestId }: { functionName: string; arn: string; requestId: string },
  deadline: number,
): Context {
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
