import { answerCall, type CallOptions } from './answer-call.ts';
import { unpackBody } from './content-encoding.ts';
import type { DirectCall } from './direct-call.ts';
import { directProtocol } from './direct-protocol.ts';
import { findApi, findApiNamed, findProtocol, readSigner, type Signer } from './route.ts';
import { asPlainText, MalformedRequest, type WireRequest, type WireResponse } from './wire.ts';

/** Something that is served beside the AWS services, for example a page for a person. */
export interface Route {
  match(request: WireRequest): boolean;
  handle(request: WireRequest): WireResponse | Promise<WireResponse>;
}

export interface DispatchOptions extends CallOptions {
  routes?: readonly Route[];
}

export type Dispatch = (request: WireRequest) => Promise<WireResponse>;

/** Answers requests of any kind; throws `LostAnswer` when the connection is to break instead. */
export function createDispatcher(options: DispatchOptions): Dispatch {
  return async (packed) => {
    try {
      return await answer(options, unpackBody(packed));
    } catch (error) {
      if (error instanceof MalformedRequest) return asPlainText(400, error.message);
      throw error;
    }
  };
}

function answer(options: DispatchOptions, request: WireRequest): WireResponse | Promise<WireResponse> {
  if (request.direct) return answerDirectly(options, request, request.direct);
  const route = options.routes?.find((candidate) => candidate.match(request));
  if (route) return route.handle(request);
  const signer = readSigner(request);
  return answerRest(options, signer?.service === 's3' ? withBucketInPath(request) : request, signer);
}

function answerRest(
  options: DispatchOptions,
  request: WireRequest,
  signer: Signer | undefined,
): WireResponse | Promise<WireResponse> {
  const protocol = findProtocol(request);
  const api = findApi(protocol, request, signer);
  if (api) return answerCall(options, { api, protocol, signer, request });
  return asPlainText(404, `There is no page and no AWS call at ${request.method} ${request.path}.`);
}

/** A bucket that the host names (`bucket.s3.REGION.amazonaws.com`) is put where the others are. */
function withBucketInPath(request: WireRequest): WireRequest {
  const bucket = /^([^/]+)\.s3\./.exec(request.headers.host ?? '')?.[1];
  return bucket ? { ...request, path: `/${bucket}${request.path}` } : request;
}

function answerDirectly(
  options: DispatchOptions,
  request: WireRequest,
  call: DirectCall,
): Promise<WireResponse> {
  const { service, accessKeyId } = call;
  const api = findApiNamed(service);
  return answerCall(options, {
    api,
    protocol: directProtocol(call),
    signer: { accessKeyId, service },
    request,
  });
}
