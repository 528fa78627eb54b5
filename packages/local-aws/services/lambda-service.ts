import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { AwsError, type Service } from '../wire/service.ts';
import { decodeText, encodeText } from '../wire/wire.ts';
import type { LambdaService } from './lambda.ts';

/** Lambda's `Invoke` on the wire. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function serveLambda(functions: LambdaService): Service {
  const invoke = async (input: InvocationRequest): Promise<InvocationResponse> => {
    const name = input.FunctionName ?? '';
    requireSize(input);
    const payload = readPayload(input.Payload);
    if (input.InvocationType === 'DryRun') {
      functions.dryRun(name);
      return { StatusCode: 204 };
    }
    if (input.InvocationType === 'Event') {
      functions.invokeLater(name, payload);
      return { StatusCode: 202 };
    }
    const result = await functions.invoke(name, payload);
    const answer = { StatusCode: 200, ExecutedVersion: '$LATEST' };
    if ('payload' in result) return { ...answer, Payload: writePayload(result.payload) };
    return { ...answer, FunctionError: 'Unhandled', Payload: writePayload(result.error) };
  };
  return { name: 'lambda', operations: { Invoke: (input) => invoke(input).catch(asWireError) } };
}

/** Bytes of a request that waits for its answer, and of one that does not (Lambda quotas). */
const largestRequest = { RequestResponse: 6_291_456, Event: 1_048_576 };

function requireSize({ InvocationType, Payload }: InvocationRequest): void {
  const largest = InvocationType === 'Event' ? largestRequest.Event : largestRequest.RequestResponse;
  const size = Payload?.length ?? 0;
  if (size <= largest) return;
  const message = `${size} byte payload is too large for the ${InvocationType ?? 'RequestResponse'} invocation type (limit ${largest} bytes)`;
  throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
}

function readPayload(bytes: Uint8Array | undefined): unknown {
  if (!bytes?.length) return {};
  try {
    return JSON.parse(decodeText(bytes));
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
}

function writePayload(value: unknown): InvocationResponse['Payload'] {
  return encodeText(JSON.stringify(value)) as InvocationResponse['Payload'];
}

/** On the wire Lambda's errors have no `Lambda.` before their names; that prefix is Step Functions' own. */
function asWireError(error: unknown): never {
  if (!(error instanceof AwsError)) throw error;
  throw new AwsError(error.name.replace(/^Lambda\./, ''), error.message, error.status, error.details);
}
