import type { Api } from './api.ts';
import { apis } from './apis.ts';
import { cborProtocol } from './cbor-protocol.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { isQueryCall, queryProtocol } from './query-protocol.ts';
import { restJsonProtocol } from './rest-json-protocol.ts';
import { restXmlProtocol } from './rest-xml-protocol.ts';
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

/** The protocol that a request is spoken in; REST is what shows no mark of another one. */
export function findProtocol(request: WireRequest): Protocol {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return cborProtocol;
  if (request.headers['x-amz-target']) return jsonProtocol;
  if (isQueryCall(request)) return queryProtocol;
  const isXml = request.path.startsWith(pathOfRoute53) || readSigner(request)?.service === 's3';
  return isXml ? restXmlProtocol : restJsonProtocol;
}

/** Of the two APIs here whose REST is XML, this one begins its paths with its version; S3 is known by its signature. */
const pathOfRoute53 = '/2013-04-01/';

/** The API that a signature names, else the one that has such an operation; to S3 every path is a bucket. */
export function findApi(
  protocol: Protocol,
  request: WireRequest,
  signer: Signer | undefined,
): Api | undefined {
  if (!signer) return apis.find((api) => api.name !== 's3' && protocol.operationName(api, request));
  return findApiNamed(signer.service);
}

/** The API of a service, by its signing name. */
export function findApiNamed(service: string): Api {
  return apis.find(({ name }) => name === service) ?? unknownApi(service);
}

/** An API of which nothing is known: every operation of it is refused as unknown, in the protocol it was asked in. */
function unknownApi(name: string): Api {
  return { name, version: '', target: '', operations: new Map(), errors: [] };
}
