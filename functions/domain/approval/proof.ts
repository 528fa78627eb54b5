import { createHash } from 'node:crypto';

/**
 * Who acts without a link: a question to STS, "whose key is this?", which the person has signed for one act and nobody has sent. Whoever
 * sends it learns the ARN of the key from STS itself. So no function is believed when it says who calls, and whoever may invoke one can say
 * nothing but what a person has signed. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export interface Proof {
  /** `Authorization` of the question, Signature Version 4. */
  authorization: string;
  /** Its `X-Amz-Date`. STS refuses a question that is older than a quarter of an hour. */
  date: string;
  /** Its `X-Amz-Security-Token`, of a session of a role. */
  token?: string;
}

/** The question as the client of STS writes it. */
export const identityQuestion = {
  contentType: 'application/x-www-form-urlencoded',
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
} as const;

/** Signed with the question, so that it counts for one act: the digest of the act's text. STS does not read it. */
export const actHeader = 'x-viridian-act';

/** Header in which the HTTP API gets the proof, as JSON in base64url. */
export const proofHeader = 'x-viridian-proof';

/** Host of the regional STS: it is signed, too. */
export const stsHost = (region: string): string =>
  `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/** What the question is signed with, in lower case: all but date, token and signature. */
export function signedHeaders(region: string, text: string): Record<string, string> {
  return {
    'content-type': identityQuestion.contentType,
    host: stsHost(region),
    [actHeader]: createHash('sha256').update(text).digest('hex'),
  };
}

/** All headers of the question about the text of an act, and no others. */
export function headersOfQuestion(
  region: string,
  text: string,
  { authorization, date, token }: Proof,
): Record<string, string> {
  return {
    ...signedHeaders(region, text),
    'x-amz-date': date,
    ...(token !== undefined && { 'x-amz-security-token': token }),
    authorization,
  };
}

/** A signature that leaves out the digest of the act would count for any act. */
const signature =
  /^AWS4-HMAC-SHA256 Credential=\w{3,128}\/\d{8}\/[a-z0-9-]{1,32}\/sts\/aws4_request, ?SignedHeaders=content-type;host;x-amz-date;(?:x-amz-security-token;)?x-viridian-act, ?Signature=[0-9a-f]{64}$/;
const plainToken = /^[A-Za-z0-9+/=_-]{1,4096}$/;

/** Reads the header of the HTTP API. What is not a whole proof is none. */
export function readProof(header: string): Proof | undefined {
  const { authorization, date, token } = parse(header);
  if (typeof authorization !== 'string' || !signature.test(authorization)) return undefined;
  if (typeof date !== 'string' || !/^\d{8}T\d{6}Z$/.test(date)) return undefined;
  if (token === undefined) return { authorization, date };
  return typeof token === 'string' && plainToken.test(token) ? { authorization, date, token } : undefined;
}

/** @see readProof */
export const writeProof = (proof: Proof): string => Buffer.from(JSON.stringify(proof)).toString('base64url');

function parse(header: string): Record<string, unknown> {
  try {
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** When the proof was signed, in milliseconds since the epoch, and six hex digits of its signature: they name what it starts, once. */
export function nameProof({ authorization, date }: Proof): { at: number; digits: string } {
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  return { at, digits: authorization.slice(-6) };
}
