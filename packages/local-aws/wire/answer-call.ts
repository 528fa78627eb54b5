import { randomUUID } from 'node:crypto';
import { type Clock, ScaledClock } from '../clock.ts';
import type { Api, ApiOperation } from './api.ts';
import { type Fault, LostAnswer, type Trouble } from './fault.ts';
import type { Protocol } from './protocol.ts';
import { describeRefusal } from './refusal.ts';
import { findMissingMember } from './required.ts';
import type { Signer } from './route.ts';
import { AwsError, type Call, type Service } from './service.ts';
import { MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

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

export interface CallOptions {
  services: readonly Service[];
  /** Hears of every call once, when it has ended, whatever its end. */
  onCall?: (record: CallRecord) => void;
  /** Decides what goes wrong with a call; nothing when it returns nothing. */
  intercept?: (call: Call, input: unknown) => Fault | undefined;
  /** Throws what the caller is refused for want of a right. */
  authorize?: (call: Call, input: unknown) => void;
  /** Counts the delays of faults; real time by default. */
  clock?: Pick<Clock, 'sleep'>;
}

const realTime = new ScaledClock();

/** A request of which API and protocol are known. */
export interface ReceivedCall {
  api: Api;
  protocol: Protocol;
  signer: Signer | undefined;
  request: WireRequest;
}

/** Answers one AWS call; throws `LostAnswer` when the connection is to break instead. */
export async function answerCall(options: CallOptions, received: ReceivedCall): Promise<WireResponse> {
  const { api, protocol, signer, request } = received;
  const record: CallRecord = {
    call: {
      ...readRetryHeaders(request),
      ...(signer && { accessKeyId: signer.accessKeyId }),
      requestId: randomUUID(),
      service: api.name,
      operation: protocol.operationName(api, request) ?? '',
    },
    input: {},
    outcome: { kind: 'lost', processed: false },
  };
  try {
    return await processCall(options, received, record);
  } catch (error) {
    return refuse(received, record, error);
  } finally {
    options.onCall?.(record);
  }
}

async function processCall(
  options: CallOptions,
  { api, protocol, signer, request }: ReceivedCall,
  record: CallRecord,
): Promise<WireResponse> {
  const { call } = record;
  if (!signer) throw new AwsError('MissingAuthenticationToken', 'The request is not signed.');
  const operation = findOperation(api, protocol, call.operation);
  record.input = readInput(protocol, operation, request);
  const fault = options.intercept?.(call, record.input);
  const { clock = realTime } = options;
  await suffer(clock, fault?.before, false);
  options.authorize?.(call, record.input);
  const output = await serve(options.services, call, record.input);
  await suffer(clock, fault?.after, true);
  const response = protocol.writeOutput(api, operation, output ?? {}, { requestId: call.requestId, request });
  record.outcome = { kind: 'answered', output };
  return response;
}

function refuse({ api, protocol, request }: ReceivedCall, record: CallRecord, error: unknown): WireResponse {
  if (error instanceof LostAnswer) {
    record.outcome = { kind: 'lost', processed: error.processed };
    throw error;
  }
  const refused = error instanceof AwsError ? error : reportDefect(record.call, error);
  record.outcome = { kind: 'refused', error: refused };
  const context = { requestId: record.call.requestId, request };
  return protocol.writeRefusal(api, describeRefusal(api, refused), context);
}

function findOperation(api: Api, protocol: Protocol, name: string): ApiOperation {
  const operation = api.operations.get(name);
  if (operation) return operation;
  throw new AwsError(protocol.unknownOperation, `Could not find operation ${name} of ${api.name}.`);
}

function readInput(protocol: Protocol, operation: ApiOperation, request: WireRequest): unknown {
  const input = readOrRefuse(protocol, operation, request);
  const missing = findMissingMember(operation.input, input);
  if (missing === undefined) return input;
  throw new AwsError(protocol.missingMember, `The request must contain the parameter ${missing}.`);
}

function readOrRefuse(protocol: Protocol, operation: ApiOperation, request: WireRequest): unknown {
  try {
    return protocol.readInput(operation, request);
  } catch (error) {
    throw error instanceof MalformedRequest ? new AwsError(protocol.malformed, error.message) : error;
  }
}

function serve(services: readonly Service[], call: Call, input: unknown): unknown {
  const operation = services.find(({ name }) => name === call.service)?.operations[call.operation];
  if (operation) return operation(input, call);
  const message = `${call.operation} of ${call.service} is not part of this local endpoint.`;
  throw new AwsError('NotImplemented', message, 501);
}

async function suffer(
  clock: Pick<Clock, 'sleep'>,
  trouble: Trouble | undefined,
  processed: boolean,
): Promise<void> {
  if (trouble?.delayMs) await clock.sleep(trouble.delayMs);
  if (trouble?.drop) throw new LostAnswer(processed);
  if (trouble?.refuse) throw trouble.refuse;
}

/** A service that throws anything but an AwsError is broken; the caller gets what AWS would say of itself. */
function reportDefect({ service, operation }: Call, defect: unknown): AwsError {
  console.error(
    `The local ${service} failed in ${operation}; this is a defect of it, not an answer.`,
    defect,
  );
  const message = 'The request processing has failed because of an internal failure.';
  return new AwsError('InternalFailure', message, 500);
}

function readRetryHeaders({ headers }: WireRequest): Pick<Call, 'attempt' | 'invocationId'> {
  const attempt = /attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1];
  const invocationId = headers['amz-sdk-invocation-id'];
  return { ...(attempt && { attempt: Number(attempt) }), ...(invocationId && { invocationId }) };
}
