import type { NormalizedSchema } from '@smithy/core/schema';
import type { Api, ApiOperation } from './api.ts';
import { readTextLeaf } from './text-leaf.ts';
import { mismatch } from './tree.ts';
import { MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

/*
 * Where the members of a REST call stand, as far as they bind to labels, query, headers, status and a blob payload; what is
 * left belongs to the body. https://smithy.io/2.0/spec/http-bindings.html
 */

/** The operation whose method and path fit the request. */
export function findRestOperation(api: Api, request: WireRequest): ApiOperation | undefined {
  return [...api.operations.values()].find((operation) => readLabels(operation, request));
}

/** Values of the `{labels}` in the path, when method and path fit the operation. */
function readLabels({ http }: ApiOperation, { method, path }: WireRequest): Map<string, string> | undefined {
  if (http?.[0] !== method) return undefined;
  // Some clients end a path with a slash where its model does.
  const [template, parts] = [http[1], path].map((text) => text.replace(/\/$/, '').split('/')) as [
    string[],
    string[],
  ];
  const labels = new Map<string, string>();
  const fits = template.every((wanted, index) => {
    const label = /^\{(\w+)\}$/.exec(wanted)?.[1];
    if (label) labels.set(label, parts[index] ?? '');
    return label ? parts[index] !== undefined : wanted === parts[index];
  });
  return fits && template.length === parts.length ? labels : undefined;
}

/**
 * The input of an operation.
 * @param readBody reads what the body holds of the members that are bound to nothing else
 */
export function readRestInput(
  operation: ApiOperation,
  request: WireRequest,
  readBody: (unbound: [name: string, member: NormalizedSchema][]) => Record<string, unknown>,
): unknown {
  const labels = readLabels(operation, request);
  const input: Record<string, unknown> = {};
  const unbound: [string, NormalizedSchema][] = [];
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
  for (const [name, member] of schema.structIterator()) {
    const value = (output as Record<string, unknown>)[name];
    if (value == null) continue;
    const { httpResponseCode, httpHeader, httpPayload } = member.getMergedTraits();
    if (httpResponseCode) status = Number(value);
    else if (httpHeader) headers[`${httpHeader}`.toLowerCase()] = String(value);
    else if (httpPayload) body = asBytes(member, value);
    else unbound[name] = value;
  }
  headers['content-type'] = start.contentType;
  return { status, headers, body: body ?? writeBody(unbound) };
}

function asBytes(schema: NormalizedSchema, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return value;
}
