import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import type { Dispatch } from './dispatch.ts';
import { LostAnswer } from './fault.ts';
import { outsideSandbox, passUnlessEnded } from './sandbox.ts';
import { encodeText, type WireRequest, type WireResponse } from './wire.ts';

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
      await passUnlessEnded();
      inFlight += 1;
      const sent = outsideSandbox(() => dispatch(asWireRequest(request)));
      const answer = await sent.then(asHttpResponse, asSocketError).finally(() => {
        inFlight -= 1;
      });
      await passUnlessEnded();
      if (answer instanceof Error) throw answer;
      return { response: answer };
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

function asHttpResponse({ status, headers, body }: WireResponse): HttpResponse {
  return { statusCode: status, headers, body };
}

/** What the SDK's own HTTP handler makes of a socket that was reset: it retries an error of this name. */
function asSocketError(cause: unknown): Error {
  if (!(cause instanceof LostAnswer)) return cause as Error;
  const error = new Error('socket hang up', { cause });
  return Object.assign(error, { name: 'TimeoutError', code: 'ECONNRESET' });
}
