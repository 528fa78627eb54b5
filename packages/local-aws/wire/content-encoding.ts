import { gunzipSync } from 'node:zlib';
import { MalformedRequest, type WireRequest } from './wire.ts';

/** A Lambda payload may have 6 MB and grows by a third in Base64; nothing that these services take is larger. */
export const largestBody = 8 * 1024 * 1024;

/** Clients may send a large body packed (CloudWatch's `PutMetricData` from 10 KB on). Throws `MalformedRequest`. */
export function unpackBody(request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  try {
    const body = gunzipSync(request.body, { maxOutputLength: largestBody });
    return { ...request, body: new Uint8Array(body) };
  } catch (error) {
    throw new MalformedRequest(`The body cannot be unpacked: ${(error as Error).message}`);
  }
}
