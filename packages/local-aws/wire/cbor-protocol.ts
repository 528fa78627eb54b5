import { cbor, dateToTag } from '@smithy/core/cbor';
import type { NormalizedSchema } from '@smithy/core/schema';
import { checkPlain } from './json.ts';
import { queryErrorHeader } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { readTimestamp } from './timestamp.ts';
import { copyModelled, mismatch } from './tree.ts';
import { MalformedRequest, type WireResponse } from './wire.ts';

/** Smithy RPC v2 CBOR. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export const cborProtocol: Protocol = {
  unknownOperation: 'UnknownOperationException',
  malformed: 'SerializationException',
  missingMember: 'ValidationException',

  operationName(api, { path }) {
    const [, service, operation] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path) ?? [];
    return service === api.target ? operation : undefined;
  },

  readInput: (operation, { body }) =>
    operation.input.isStructSchema() ? copyModelled(operation.input, parseCbor(body), readLeaf) : {},

  writeOutput(_api, { output: schema }, output, { requestId }) {
    return asCbor(requestId, 200, {}, schema.isStructSchema() ? copyModelled(schema, output, writeLeaf) : {});
  },

  writeRefusal(api, refusal, { requestId }) {
    const members = copyModelled(refusal.schema, refusal.members, writeLeaf) as object;
    const body = { __type: refusal.name, message: refusal.message, ...members };
    return asCbor(requestId, refusal.status, queryErrorHeader(api, refusal), body);
  },
};

function parseCbor(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return cbor.deserialize(body);
  } catch {
    throw new MalformedRequest('the body is not CBOR');
  }
}

function readLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return readTimestamp(schema, untag(value));
  return checkLeaf(schema, value);
}

/** Tag 1: seconds since the epoch. */
function untag(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

function writeLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (!schema.isTimestampSchema()) return checkLeaf(schema, value);
  if (!(value instanceof Date)) throw mismatch(schema, value);
  return dateToTag(value);
}

function checkLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (!schema.isBlobSchema()) return checkPlain(schema, value);
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return value;
}

function asCbor(
  requestId: string,
  status: number,
  headers: Record<string, string>,
  body: unknown,
): WireResponse {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
      ...headers,
    },
    body: cbor.serialize(body),
  };
}
