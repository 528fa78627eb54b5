import { Buffer } from 'node:buffer';

/** The part of an HTTP API's event (payload format 2.0) that is read. Nothing in it is believed to be there, or to be what it should be. */
export type HttpEvent = unknown;

/** Bytes of a body that is read at all; the largest honest form, with a loss of 4,000 characters, has about half. */
const largestBody = 16_384;

/** The text at a path of fields; empty where there is none, or something else. */
function textAt(event: unknown, ...path: string[]): string {
  let value = event;
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return '';
    value = (value as Record<string, unknown>)[field];
  }
  return typeof value === 'string' ? value : '';
}

export function methodOf(event: HttpEvent): string {
  return textAt(event, 'requestContext', 'http', 'method');
}

/** With an IAM authorizer: the ARN of who signed the request, as AWS says it. */
export function callerOf(event: HttpEvent): string {
  return textAt(event, 'requestContext', 'authorizer', 'iam', 'userArn');
}

/** Whether the API has named a caller: an identity of IAM, or one whose token it has verified. */
export function isAuthorized(event: HttpEvent): boolean {
  return (
    callerOf(event) !== '' || textAt(event, 'requestContext', 'authorizer', 'jwt', 'claims', 'iss') !== ''
  );
}

/** A part of the path, decoded, by its name in the route; empty where the route has none. */
export function partOfPath(event: HttpEvent, name: string): string {
  return textAt(event, 'pathParameters', name);
}

/** One value of the query, decoded; empty where there is none. */
export function queryValue(event: HttpEvent, name: string): string {
  return textAt(event, 'queryStringParameters', name);
}

/** The code of a link is the whole query: with anything beside it, it is no code. */
export function codeIn(event: HttpEvent): string {
  return textAt(event, 'rawQueryString');
}

/** The body as text, or why it is not read. */
export function readBody(event: HttpEvent): { text: string } | { why: 'size' | 'encoding' } {
  const body = textAt(event, 'body');
  if (body.length > largestBody * 2) return { why: 'size' };
  const { isBase64Encoded } = (event ?? {}) as { isBase64Encoded?: unknown };
  const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > largestBody) return { why: 'size' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { why: 'encoding' };
  }
}

/** A media type without its parameters. Several headers of a name arrive joined by commas and match nothing. */
export function mediaType(event: HttpEvent): string {
  return headerOf(event, 'content-type').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function headerOf(event: HttpEvent, name: string): string {
  return textAt(event, 'headers', name);
}
