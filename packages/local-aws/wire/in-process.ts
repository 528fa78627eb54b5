import { Readable } from 'node:stream';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import type { LocalClock } from '../clock.ts';
import { DirectRequest } from './direct-call.ts';
import type { Dispatch } from './dispatch.ts';
import { LostAnswer } from './fault.ts';
import { accessKeyOfSandbox, afterCall, beforeCall, outsideSandbox } from './sandbox.ts';
import { encodeText, type WireRequest, type WireResponse } from './wire.ts';

/** A request handler for SDK clients that reaches the dispatcher by promises alone: no socket, no timer of its own. */
export interface InProcessHandler extends RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  /** Calls that have been sent and not yet answered. */
  inFlight(): number;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** How long a client waits for an answer, as the `requestTimeout` of the SDK's own handler does. A call may name its own. */
export interface Patience {
  clock: LocalClock;
  requestTimeoutMs: number;
  /** No call waits less: where the work behind it is real and the clock goes faster. */
  leastMs?: number;
}

export interface InProcessOptions {
  patience?: Patience | undefined;
  /** Key id that the clients sign with by themselves; without one, whatever key they have. */
  clientKey?: string | undefined;
}

export function createInProcessHandler(
  dispatch: Dispatch,
  { patience, clientKey }: InProcessOptions = {},
): InProcessHandler {
  let inFlight = 0;
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    inFlight += 1;
    try {
      const sent = signedBySandbox(asWireRequest(request), clientKey);
      return asHttpResponse(await outsideSandbox(() => dispatch(sent)));
    } catch (error) {
      throw error instanceof LostAnswer ? asSocketError(error) : error;
    } finally {
      inFlight -= 1;
    }
  };
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    inFlight: () => inFlight,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request, { requestTimeout }: HttpHandlerOptions = {}) {
      await beforeCall();
      const sent = patience ? sendWithin(patience, requestTimeout, () => send(request)) : send(request);
      return { response: await sent.finally(afterCall) };
    },
  };
}

/** The service goes on with a call that its client has given up. */
function sendWithin(
  { clock, requestTimeoutMs, leastMs = 0 }: Patience,
  ownTimeoutMs: number | undefined,
  send: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const waitMs = Math.max(leastMs, ownTimeoutMs ?? requestTimeoutMs);
  return clock.during('AWS call', () => {
    const givenUp = Promise.withResolvers<never>();
    const callOff = clock.after(waitMs, () =>
      givenUp.reject(asTimeout(`no answer within ${waitMs} ms`, 'ETIMEDOUT')),
    );
    const sent = (async () => send())();
    return Promise.race([sent, givenUp.promise]).finally(callOff);
  });
}

function asWireRequest(request: HttpRequest): WireRequest {
  const { method, path, query, headers, body } = request;
  if (request instanceof DirectRequest)
    return { method, path, query: none, headers, body: asBytes(body), direct: request.call };
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

/** A function has a key of its own, where its sandbox has one. Signatures are not verified here, so the name of the key is all there is. */
function signedBySandbox(request: WireRequest, clientKey: string | undefined): WireRequest {
  const accessKeyId = accessKeyOfSandbox();
  if (accessKeyId === undefined) return request;
  if (request.direct) return { ...request, direct: { ...request.direct, accessKeyId } };
  const { authorization = '' } = request.headers;
  const [, signedWith] = /Credential=([^/]+)/.exec(authorization) ?? [];
  if (clientKey !== undefined && signedWith !== clientKey) return request;
  const changed = authorization.replace(`Credential=${signedWith}`, `Credential=${accessKeyId}`);
  return { ...request, headers: { ...request.headers, authorization: changed } };
}

const none = new URLSearchParams();

function asBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (typeof body === 'string') return encodeText(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('The in-process handler takes whole bodies only, no streams.');
}

function asHttpResponse({ status, streamed, ...response }: WireResponse): HttpResponse {
  return { statusCode: status, ...response, ...(streamed && { body: Readable.from([response.body]) }) };
}

function asSocketError(cause: LostAnswer): Error {
  return asTimeout('socket hang up', 'ECONNRESET', cause);
}

/** The SDK's own HTTP handler gives this name to a reset socket as well as to a timeout; the SDK retries both. */
function asTimeout(message: string, code: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: 'TimeoutError', code });
}
