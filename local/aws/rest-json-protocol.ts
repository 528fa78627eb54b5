import type { NormalizedSchema } from '@smithy/core/schema';
import type { Api, ApiOperation } from './api.ts';
import { parseJson, readJsonLeaf, writeJsonLeaf } from './json.ts';
import type { Protocol } from './protocol.ts';
import { readTextLeaf } from './text-leaf.ts';
import { copyModelled, mismatch } from './tree.ts';
import { encodeText, MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

/**
 * AWS restJson1, as far as members bind to labels, query, headers, status and a blob payload; the rest is a JSON body.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export const restJsonProtocol: Protocol = {
  unknownOperation: 'UnknownOperationException',
  malformed: 'InvalidRequestContentException',
  missingMember: 'InvalidParameterValueException',

  operationName: (api, request) => findOperation(api, request)?.name,
  readInput,
  writeOutput: (_api, operation, output, { requestId }) =>
    writeResponse(operation.output, operation.http?.[2] ?? 200, requestId, output),

  writeRefusal(_api, { name, schema, status, members }, { requestId }) {
    const response = writeResponse(schema, status, requestId, members);
    return { ...response, headers: { ...response.headers, 'x-amzn-errortype': name } };
  },
};

function findOperation(api: Api, request: WireRequest): ApiOperation | undefined {
  return [...api.operations.values()].find((operation) => readLabels(operation, request));
}

/** Values of the `{labels}` in the path, when method and path fit the operation. */
function readLabels({ http }: ApiOperation, { method, path }: WireRequest): Map<string, string> | undefined {
  if (http?.[0] !== method) return undefined;
  const template = http[1].split('/');
  const parts = path.split('/');
  const labels = new Map<string, string>();
  const fits = template.every((wanted, index) => {
    const label = /^\{(\w+)\}$/.exec(wanted)?.[1];
    if (label) labels.set(label, parts[index] ?? '');
    return label ? parts[index] !== undefined : wanted === parts[index];
  });
  return fits && template.length === parts.length ? labels : undefined;
}

function readInput(operation: ApiOperation, request: WireRequest): unknown {
  const labels = readLabels(operation, request);
  const body = hasPayload(operation.input) ? {} : (parseJson(request.body) as Record<string, unknown>);
  const input: Record<string, unknown> = {};
  for (const [name, member] of operation.input.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPayload } = member.getMergedTraits();
    if (httpPayload) input[name] = request.body;
    else if (httpLabel || httpQuery || httpHeader) {
      const text = httpLabel
        ? decodeLabel(labels?.get(name))
        : httpQuery
          ? request.query.get(httpQuery)
          : request.headers[`${httpHeader}`.toLowerCase()];
      if (text != null) input[name] = readTextLeaf(member, text);
    } else if (body[name] != null) input[name] = copyModelled(member, body[name], readJsonLeaf);
  }
  return input;
}

/** Whether the body is one member's bytes, and not JSON. */
function hasPayload(schema: NormalizedSchema): boolean {
  return [...schema.structIterator()].some(([, member]) => member.getMergedTraits().httpPayload);
}

function decodeLabel(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text);
  } catch {
    throw new MalformedRequest(`"${text}" is not percent-encoded`);
  }
}

function writeResponse(
  schema: NormalizedSchema,
  defaultStatus: number,
  requestId: string,
  output: unknown,
): WireResponse {
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  const inBody: Record<string, unknown> = {};
  let status = defaultStatus;
  let body: Uint8Array | undefined = hasPayload(schema) ? new Uint8Array() : undefined;
  for (const [name, member] of schema.structIterator()) {
    const value = (output as Record<string, unknown>)[name];
    if (value == null) continue;
    const { httpResponseCode, httpHeader, httpPayload } = member.getMergedTraits();
    if (httpResponseCode) status = Number(value);
    else if (httpHeader) headers[`${httpHeader}`.toLowerCase()] = String(value);
    else if (httpPayload) body = asBytes(member, value);
    else inBody[name] = copyModelled(member, value, writeJsonLeaf);
  }
  headers['content-type'] = 'application/json';
  return { status, headers, body: body ?? encodeText(JSON.stringify(inBody)) };
}

function asBytes(schema: NormalizedSchema, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return value;
}
