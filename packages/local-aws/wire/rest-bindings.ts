import type { NormalizedSchema } from '@smithy/core/schema';
import type { Api, ApiOperation } from './api.ts';
import type { Protocol } from './protocol.ts';
import { readTextLeaf } from './text-leaf.ts';
import { mismatch } from './tree.ts';
import { MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

/*
 * Where the members of a REST call stand, as far as they bind to labels, query, headers, status and a blob payload; what is
 * left belongs to the body. https://smithy.io/2.0/spec/http-bindings.html
 */

/** The operation whose method and path fit the request. Some clients end a path with a slash: it counts where nothing fits with it. */
function findOperation(api: Api, request: WireRequest): ApiOperation | undefined {
  const operations = [...api.operations.values()];
  const find = (path: string) => operations.find((operation) => readLabels(operation, { ...request, path }));
  return find(request.path) ?? find(withoutSlash(request.path));
}

const withoutSlash = (path: string): string => path.replace(/\/$/, '');

/** Values of the `{labels}` in the path, when method and path fit the operation. */
function readLabels({ http }: ApiOperation, { method, path }: WireRequest): Map<string, string> | undefined {
  if (http?.[0] !== method) return undefined;
  const template = http[1].split('/');
  const parts = partsOf(path, template);
  const labels = new Map<string, string>();
  const fits = template.every((wanted, index) => {
    const label = /^\{(\w+)\+?\}$/.exec(wanted)?.[1];
    if (label) labels.set(label, parts[index] ?? '');
    if (!label) return wanted === parts[index];
    return wanted.endsWith('+}') ? Boolean(parts[index]) : parts[index] !== undefined;
  });
  return fits && template.length === parts.length ? labels : undefined;
}

/** A label with a plus, which is the last one, takes the rest of the path. */
function partsOf(path: string, template: string[]): string[] {
  const parts = path.split('/');
  const last = template.length - 1;
  if (!template[last]?.endsWith('+}') || parts.length <= template.length) return parts;
  return [...parts.slice(0, last), parts.slice(last).join('/')];
}

/** What protocols over REST share: everything but how a body is read and written. */
export function readRest(
  readBody: (unbound: Members, body: Uint8Array) => Record<string, unknown>,
): Pick<Protocol, 'operationName' | 'readInput'> {
  return {
    operationName: (api, request) => findOperation(api, request)?.name,
    readInput: (operation, request) =>
      readInput(operation, request, (unbound) => readBody(unbound, request.body)),
  };
}

type Members = [name: string, member: NormalizedSchema][];

/**
 * The input of an operation.
 * @param readBody reads what the body holds of the members that are bound to nothing else
 */
function readInput(
  operation: ApiOperation,
  request: WireRequest,
  readBody: (unbound: Members) => Record<string, unknown>,
): unknown {
  const labels =
    readLabels(operation, request) ?? readLabels(operation, { ...request, path: withoutSlash(request.path) });
  const input: Record<string, unknown> = {};
  const unbound: Members = [];
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
    } else unbound.push([name, member]);
  }
  return hasPayload(operation.input) ? input : { ...input, ...readBody(unbound) };
}

/** Whether the body is one member's bytes. */
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

/**
 * A response with its bound members in their places.
 * @param writeBody writes the members that are bound to nothing else
 */
export function writeRestOutput(
  schema: NormalizedSchema,
  output: unknown,
  start: { status: number; requestId: string; contentType: string },
  writeBody: (unbound: Record<string, unknown>) => Uint8Array,
): WireResponse {
  const headers: Record<string, string> = { 'x-amzn-requestid': start.requestId };
  const unbound: Record<string, unknown> = {};
  let { status } = start;
  let body: Uint8Array | undefined = hasPayload(schema) ? new Uint8Array() : undefined;
  let streamed = false;
  for (const [name, member] of schema.structIterator()) {
    const value = (output as Record<string, unknown>)[name];
    if (value == null) continue;
    const { httpResponseCode, httpHeader, httpPayload } = member.getMergedTraits();
    if (httpResponseCode) status = Number(value);
    else if (httpHeader) headers[`${httpHeader}`.toLowerCase()] = String(value);
    else if (httpPayload) {
      body = asBytes(member, value);
      streamed = member.isStreaming();
    } else unbound[name] = value;
  }
  headers['content-type'] = start.contentType;
  return { status, headers, body: body ?? writeBody(unbound), ...(streamed && { streamed }) };
}

function asBytes(schema: NormalizedSchema, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return value;
}
