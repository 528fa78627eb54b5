import { signRequest } from '../../commands/sign.ts';
import { identityQuestion } from '../../functions/domain/approval/proof.ts';
import type { Clock } from '../../packages/local-aws/clock.ts';
import type { Route } from '../../packages/local-aws/wire/dispatch.ts';
import {
  decodeText,
  encodeText,
  type WireRequest,
  type WireResponse,
} from '../../packages/local-aws/wire/wire.ts';
import { arnOf, keyOf } from './signer.ts';

/** Milliseconds for which a signature counts. */
const goodFor = 15 * 60_000;

const scopePattern =
  /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=/;

/**
 * STS as far as it says whose key has signed, and unlike the rest of the local endpoint it verifies the signature: over the headers that it
 * names, the host and the body, with the user's secret, and for a quarter of an hour.
 */
export function verifyingSts(
  clock: Pick<Clock, 'now'>,
  trouble: () => { code: string; status: number } | undefined,
): Route {
  return {
    match: ({ headers }) => headers.host?.startsWith('sts.') === true,
    handle(request) {
      const { code, status } = trouble() ?? {};
      return code ? refuse(code, status) : identify(request, clock.now());
    },
  };
}

async function identify(request: WireRequest, now: number): Promise<WireResponse> {
  const { headers, body } = request;
  const [, user = '', region = '', service = '', names = ''] =
    scopePattern.exec(headers.authorization ?? '') ?? [];
  const at = headers['x-amz-date']?.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5') ?? '';
  const signed = Object.fromEntries(names.split(';').map((name) => [name, headers[name] ?? '']));
  const { host = '', 'x-amz-date': _, ...rest } = signed;
  const url = new URL(`https://${host}${request.path}`);
  const again = { method: request.method, url, headers: rest, body: decodeText(body) };
  const { authorization } = await signRequest(again, keyOf(user), { region, service, at: new Date(at) });
  if (authorization !== headers.authorization) return refuse('SignatureDoesNotMatch');
  if (Math.abs(now - Date.parse(at)) > goodFor) return refuse('SignatureDoesNotMatch');
  if (decodeText(body) !== identityQuestion.body) return refuse('InvalidAction');
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arnOf(user)}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
}

const refuse = (code: string, status = 403): WireResponse =>
  xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>refused</Message></Error></ErrorResponse>`,
  );

const xml = (status: number, text: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: encodeText(text),
});
