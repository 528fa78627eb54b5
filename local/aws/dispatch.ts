import { randomUUID } from 'node:crypto';
import { clock } from '../../functions/runtime/clock.ts';
import type { Api, ApiOperation } from './api.ts';
import { unpackBody } from './content-encoding.ts';
import { type Fault, LostAnswer, type Trouble } from './fault.ts';
import type { Protocol } from './protocol.ts';
import { describeRefusal } from './refusal.ts';
import { findMissingMember } from './required.ts';
import { findApi, findProtocol, readSigner, type Signer } from './route.ts';
import { AwsError, type Call, type Service } from './service.ts';
import { asPlainText, MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

/** How a call ended, as the wire saw it. */
export type Outcome =
  | { kind: 'answered'; output: unknown }
  | { kind: 'refused'; error: AwsError }
  | { kind: 'lost'; processed: boolean };

export interface CallRecord {
  call: Call;
  /** Empty when the request could not be read. */
  input: unknown;
  outcome: Outcome;
}

/** Something that is served beside the AWS services, for example a page for a person. */
export interface Route {
  match(request: WireRequest): boolean;
  handle(request: WireRequest): WireResponse | Promise<WireResponse>;
}

export interface DispatchOptions {
  services: readonly Service[];
  routes?: readonly Route[];
  /** Hears of every call when it has ended, whatever its end. */
  onCall?: (record: CallRecord) => void;
  /** Decides what goes wrong with a call; nothing when it returns nothing. */
  intercept?: (call: Call, input: unknown) => Fault | undefined;
}

export type Dispatch = (request: WireRequest) => Promise<WireResponse>;

/** Answers requests of any kind; throws `LostAnswer` when the connection is to break instead. */
export function createDispatcher(options: DispatchOptions): Dispatch {
  return async (packed) => {
    try {
      return await answer(options, unpackBody(packed));
    } catch (error) {
      if (error instanceof MalformedRequest) return asPlainText(400, error.message);
      throw error;
    }
  };
}

function answer(options: DispatchOptions, request: WireRequest): WireResponse | Promise<WireResponse> {
  const route = options.routes?.find((candidate) => candidate.match(request));
  if (route) return route.handle(request);
  const protocol = findProtocol(request);
  const signer = readSigner(request);
  const api = findApi(protocol, request, signer);
  if (api) return answerCall(options, protocol, api, signer, request);
  return asPlainText(404, `There is no page and no AWS call at ${request.method} ${request.path}.`);
}

async function answerCall(
  options: DispatchOptions,
  protocol: Protocol,
  api: Api,
  signer: Signer | undefined,
  request: WireRequest,
): Promise<WireResponse> {
  const name = protocol.operationName(api, request) ?? '';
  const requestId = randomUUID();
  const call = { ...readRetryHeaders(request), ...signer, requestId, service: api.name, operation: name };
  const context = { requestId, request };
  let input: unknown = {};
  try {
    if (!signer) throw new AwsError('MissingAuthenticationToken', 'The request is not signed.');
    const operation = findOperation(api, protocol, name);
    input = readInput(protocol, operation, request);
    const output = await processCall(options, call, input);
    const response = protocol.writeOutput(api, operation, output ?? {}, context);
    options.onCall?.({ call, input, outcome: { kind: 'answered', output } });
    return response;
  } catch (error) {
    if (error instanceof LostAnswer) {
      options.onCall?.({ call, input, outcome: { kind: 'lost', processed: error.processed } });
      throw error;
    }
    const refused = error instanceof AwsError ? error : reportDefect(call, error);
    options.onCall?.({ call, input, outcome: { kind: 'refused', error: refused } });
    return protocol.writeRefusal(api, describeRefusal(api, refused), context);
  }
}

function findOperation(api: Api, protocol: Protocol, name: string): ApiOperation {
  const operation = api.operations.get(name);
  if (!operation)
    throw new AwsError(protocol.unknownOperation, `Could not find operation ${name} of ${api.name}.`);
  return operation;
}

function readInput(protocol: Protocol, operation: ApiOperation, request: WireRequest): unknown {
  let input: unknown;
  try {
    input = protocol.readInput(operation, request);
  } catch (error) {
    if (error instanceof MalformedRequest) throw new AwsError(protocol.malformed, error.message);
    throw error;
  }
  const missing = findMissingMember(operation.input, input);
  if (missing)
    throw new AwsError(protocol.missingMember, `The request must contain the parameter ${missing}.`);
  return input;
}

async function processCall(options: DispatchOptions, call: Call, input: unknown): Promise<unknown> {
  const fault = options.intercept?.(call, input);
  await suffer(fault?.before, false);
  const service = options.services.find(({ name }) => name === call.service);
  const operation = service?.operations[call.operation];
  if (!operation) {
    const message = `${call.operation} of ${call.service} is not part of this local endpoint.`;
    throw new AwsError('NotImplemented', message, 501);
  }
  const output = await operation(input, call);
  await suffer(fault?.after, true);
  return output;
}

async function suffer(trouble: Trouble | undefined, processed: boolean): Promise<void> {
  if (trouble?.delayMs) await clock.sleep(trouble.delayMs);
  if (trouble?.drop) throw new LostAnswer(processed);
  if (trouble?.refuse) throw trouble.refuse;
}

/** A service that throws anything but an AwsError is broken; the caller gets what AWS would say of itself. */
function reportDefect(call: Call, error: unknown): AwsError {
  console.error(
    `The local ${call.service} failed in ${call.operation}; this is a defect of it, not an answer.`,
    error,
  );
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an internal failure.',
    500,
  );
}

function readRetryHeaders({ headers }: WireRequest): Pick<Call, 'attempt' | 'invocationId'> {
  const attempt = /attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1];
  const invocationId = headers['amz-sdk-invocation-id'];
  return { ...(attempt && { attempt: Number(attempt) }), ...(invocationId && { invocationId }) };
}
