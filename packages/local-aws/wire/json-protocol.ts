import type { Api } from './api.ts';
import { parseJson, readJsonLeaf, writeJsonLeaf } from './json.ts';
import type { CallContext, Protocol } from './protocol.ts';
import type { Refusal } from './refusal.ts';
import { copyModelled } from './tree.ts';
import { encodeText, type WireResponse } from './wire.ts';

/** AWS JSON 1.0 and 1.1, answered in the version that was spoken. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export const jsonProtocol: Protocol = {
  unknownOperation: 'UnknownOperationException',
  malformed: 'SerializationException',
  missingMember: 'ValidationException',

  operationName(api, { headers }) {
    const [target, operation] = (headers['x-amz-target'] ?? '').split('.');
    return target === api.target ? operation : undefined;
  },

  readInput: (operation, { body }) =>
    operation.input.isStructSchema() ? copyModelled(operation.input, parseJson(body), readJsonLeaf) : {},

  writeOutput(_api, operation, output, call) {
    const schema = operation.output;
    return asJson(call, 200, {}, schema.isStructSchema() ? copyModelled(schema, output, writeJsonLeaf) : {});
  },

  writeRefusal(api, refusal, call) {
    const members = copyModelled(refusal.schema, refusal.members, writeJsonLeaf) as object;
    const body = { __type: refusal.name, message: refusal.message, ...members };
    return asJson(call, refusal.status, queryErrorHeader(api, refusal), body);
  },
};

/** What tells clients of a former Query API the code that they know. */
export function queryErrorHeader(api: Api, { queryCode, fault }: Refusal): Record<string, string> {
  if (!api.queryCompatible) return {};
  return { 'x-amzn-query-error': `${queryCode};${fault === 'server' ? 'Receiver' : 'Sender'}` };
}

function asJson(
  { requestId, request }: CallContext,
  status: number,
  headers: Record<string, string>,
  body: unknown,
): WireResponse {
  return {
    status,
    headers: {
      'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      ...headers,
    },
    body: encodeText(JSON.stringify(body)),
  };
}
