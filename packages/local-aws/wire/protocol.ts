import type { Api, ApiOperation } from './api.ts';
import type { Refusal } from './refusal.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** One of the ways in which AWS APIs are spoken. */
export interface Protocol {
  /** Name of the operation that this request asks of the API; `undefined`: none that this protocol can tell. */
  operationName(api: Api, request: WireRequest): string | undefined;
  /** Throws `MalformedRequest`. */
  readInput(operation: ApiOperation, request: WireRequest): unknown;
  writeOutput(api: Api, operation: ApiOperation, output: unknown, call: CallContext): WireResponse;
  writeRefusal(api: Api, refusal: Refusal, call: CallContext): WireResponse;
  /** Code for an operation that does not exist. */
  unknownOperation: string;
  /** Code for a request that cannot be read. */
  malformed: string;
  /** Code for a member that must be there and is not. */
  missingMember: string;
}

export interface CallContext {
  requestId: string;
  request: WireRequest;
}
