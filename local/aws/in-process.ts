import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import type { Dispatch } from './dispatch.ts';
import { LostAnswer } from './fault.ts';
import { encodeText, type WireRequest } from './wire.ts';

/** A request handler for SDK clients that reaches the dispatcher by promises alone: no socket, no timer. */
export interface InProcessHandler extends RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  /** Calls that have been sent and not yet answered. */
  inFlight(): number;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

export function createInProcessHandler(dispatch: Dispatch): InProcessHandler {
  let inFlight = 0;
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    inFlight: () => inFlight,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request) {
      inFlight += 1;
      try {
        const { status, headers, body } = await dispatch(asWireRequest(request));
        return { response: { statusCode: status, headers, body } };
      } catch (error) {
        throw error instanceof LostAnswer ? asSocketError(error) : error;
      } finally {
        inFlight -= 1;
      }
    },
  };
}

function asWireRequest({ method, path, query, headers, body }: HttpRequest): WireRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    for (const item of [value].flat()) parameters.append(name, item ?? '');
  return {
    method,
    path,
    query: parameters,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: asBytes(body),
  };
}

function asBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (typeof body === 'string') return encodeText(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('The in-process handler takes whole bodies only, no streams.');
}

/** What the SDK's own HTTP handler makes of a socket that was reset: it retries an error of this name. */
function asSocketError(cause: LostAnswer): Error {
  const error = new Error('socket hang up', { cause });
  return Object.assign(error, { name: 'TimeoutError', code: 'ECONNRESET' });
}
