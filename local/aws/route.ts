import type { Api } from './api.ts';
import { apis } from './apis.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { isQueryCall, queryProtocol } from './query-protocol.ts';
import type { WireRequest } from './wire.ts';

/** What a signature says about its maker. It is read and not verified. */
export interface Signer {
  accessKeyId: string;
  /** Signing name of the service. */
  service: string;
}

/** The credential of a SigV4 signature: in the Authorization header, or in the query of a presigned URL. */
export function readSigner(request: WireRequest): Signer | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ??
    request.query.get('X-Amz-Credential');
  const [accessKeyId, , , service] = (credential ?? '').split('/');
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

export function findApi(service: string): Api | undefined {
  return apis.find(({ name }) => name === service);
}

/** The protocol that a request is spoken in. */
export function findProtocol(request: WireRequest): Protocol | undefined {
  if (request.headers['x-amz-target']) return jsonProtocol;
  return isQueryCall(request) ? queryProtocol : undefined;
}
