import type { NormalizedSchema } from '@smithy/core/schema';
import { parseJson, readJsonLeaf, writeJsonLeaf } from './json.ts';
import type { Protocol } from './protocol.ts';
import { readRest, writeRestOutput } from './rest-bindings.ts';
import { copyModelled } from './tree.ts';
import { encodeText, type WireResponse } from './wire.ts';

/** AWS restJson1: what is not bound elsewhere is a JSON body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export const restJsonProtocol: Protocol = {
  unknownOperation: 'UnknownOperationException',
  malformed: 'InvalidRequestContentException',
  missingMember: 'InvalidParameterValueException',

  ...readRest((unbound, text) => {
    const body = parseJson(text) as Record<string, unknown>;
    return Object.fromEntries(
      unbound
        .filter(([name]) => body[name] != null)
        .map(([name, member]) => [name, copyModelled(member, body[name], readJsonLeaf)]),
    );
  }),
  writeOutput: (_api, operation, output, { requestId }) =>
    writeResponse(operation.output, operation.http?.[2] ?? 200, requestId, output),

  writeRefusal(_api, { name, schema, status, members }, { requestId }) {
    const response = writeResponse(schema, status, requestId, members);
    return { ...response, headers: { ...response.headers, 'x-amzn-errortype': name } };
  },
};

function writeResponse(
  schema: NormalizedSchema,
  status: number,
  requestId: string,
  output: unknown,
): WireResponse {
  const start = { status, requestId, contentType: 'application/json' };
  return writeRestOutput(schema, output, start, (unbound) =>
    encodeText(JSON.stringify(copyModelled(schema, unbound, writeJsonLeaf))),
  );
}
