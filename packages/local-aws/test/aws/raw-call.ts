import { createDispatcher } from '../../wire/dispatch.ts';
import type { Service } from '../../wire/service.ts';
import { decodeText, encodeText } from '../../wire/wire.ts';

export interface RawCall {
  method?: string;
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Signing name of the service; without it the call is not signed. */
  signedFor?: string;
}

/** Sends a request that no client made. */
export async function callByHand(services: Service[], call: RawCall) {
  const { method = 'POST', path = '/', query = '', headers = {}, body = '', signedFor } = call;
  const credential = `Credential=local/20260101/eu-central-1/${signedFor}/aws4_request`;
  const response = await createDispatcher({ services })({
    method,
    path,
    query: new URLSearchParams(query),
    headers: { ...headers, ...(signedFor && { authorization: `AWS4-HMAC-SHA256 ${credential}` }) },
    body: typeof body === 'string' ? encodeText(body) : body,
  });
  return { status: response.status, headers: response.headers, text: decodeText(response.body) };
}
