import { InvokeCommand } from '@aws-sdk/client-lambda';
import { lambda } from './clients/lambda.ts';

/**
 * Invokes a function and waits for its answer (`lambda:InvokeFunction`). A function that failed is an error here, without
 * its message, which may hold more than a caller should see; it stands in the log of that function.
 * @param seconds how long to wait: the function may take longer than any call of AWS does
 */
export async function invokeFunction(name: string, payload: unknown, seconds: number): Promise<unknown> {
  const answer = await lambda().send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) }),
    { requestTimeout: Math.ceil(1_000 * seconds) },
  );
  if (answer.FunctionError) throw new Error(`the function ${name} failed (${answer.FunctionError})`);
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
}
