import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';

export interface Unsigned {
  method: string;
  url: URL;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** Where and when a signature counts. */
export interface Scope {
  region: string;
  service: string;
  at: Date;
}

/** The headers of a request with its signature, Signature Version 4. */
export async function signRequest(
  { method, url, headers, body }: Unsigned,
  credentials: AwsCredentialIdentity,
  { region, service, at }: Scope,
): Promise<Record<string, string>> {
  // The digest of the body is signed either way; only S3 wants it as a header, too.
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const { protocol, hostname, host, pathname } = url;
  const request = {
    method,
    protocol,
    hostname,
    path: pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host },
    body,
  };
  return (await signer.sign(request, { signingDate: at })).headers;
}
