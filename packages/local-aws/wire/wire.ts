import type { DirectCall } from './direct-call.ts';

/** An HTTP request, read whole. Header names are lower case. */
export interface WireRequest {
  method: string;
  /** Without the query, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Uint8Array;
  /** A call that is not written down: it stands in place of the body. */
  direct?: DirectCall;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Of a call that was not written down: it stands in place of the body. */
  output?: object;
  /** A client reads the body bit by bit. */
  streamed?: boolean;
}

/** The request is not what its protocol or its schema says. */
export class MalformedRequest extends Error {}

export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function asPlainText(status: number, text: string): WireResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: encodeText(`${text}\n`) };
}
