import { Buffer } from 'node:buffer';

/** The part of an HTTP API's event (payload format 2.0) that is read. */
export interface HttpEvent {
  rawQueryString?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
  isBase64Encoded?: boolean;
  requestContext?: {
    http?: { method?: string };
    /** With an IAM authorizer: who signed the request, as AWS says it. */
    authorizer?: { iam?: { userArn?: string | null } };
  };
}

/** Bytes of a body that is read at all; the largest honest form has about half. */
const largestBody = 4_096;

export function methodOf(event: HttpEvent): string {
  return event.requestContext?.http?.method ?? '';
}

/** The code of a link is the whole query: with anything beside it, it is no code. */
export function codeIn({ rawQueryString = '' }: HttpEvent): string {
  return rawQueryString;
}

/** The body as text, or nothing when it is too large. */
export function readBody({ body = '', isBase64Encoded }: HttpEvent): string | undefined {
  if (body.length > largestBody * 2) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return bytes.length > largestBody ? undefined : bytes.toString();
}

/** A media type without its parameters. Several headers of a name arrive joined by commas and match nothing. */
export function mediaType(event: HttpEvent): string {
  return headerOf(event, 'content-type').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function headerOf({ headers = {} }: HttpEvent, name: string): string {
  return headers[name] ?? '';
}
