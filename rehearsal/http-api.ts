import type { HttpAnswer } from '../functions/http/response.ts';
import type { LambdaResult } from '../packages/local-aws/services/lambda.ts';
import type { Route } from '../packages/local-aws/wire/dispatch.ts';
import { readSigner } from '../packages/local-aws/wire/route.ts';
import type { AwsError } from '../packages/local-aws/wire/service.ts';
import { encodeText, type WireRequest, type WireResponse } from '../packages/local-aws/wire/wire.ts';

/** How the routes reach their functions: `LambdaService.invoke` of the local account. */
export type Invoke = (functionName: string, payload: unknown) => Promise<LambdaResult>;

export interface ApiRoutes {
  invoke: Invoke;
  accountId: string;
  /** Names of the functions behind the routes. */
  pageFunction: string;
  decideWithIamFunction: string;
  runPagesFunction: string;
  pagePath?: string;
  decidePath?: string;
}

/** The path of the pages of runs; a second part names one. */
const runsPath = /^\/runs(?:\/([^/]+))?$/;

/**
 * What an HTTP API of API Gateway does for the stack: a route that is open, one for callers that IAM knows, and the pages of runs, which
 * take a browser of this machine for somebody who has signed in.
 */
export function apiRoutes(options: ApiRoutes): Route[] {
  const { invoke, accountId, pagePath = '/approval', decidePath = '/decide' } = options;
  return [
    {
      match: ({ path }) => path === pagePath,
      handle: (request) => integrate(invoke, options.pageFunction, asEvent(request)),
    },
    {
      match: ({ path, method }) => path === decidePath && method === 'POST',
      handle: (request) => {
        const userArn = readCaller(request, accountId);
        if (!userArn) return answer(403, { 'content-type': 'application/json' }, '{"message":"Forbidden"}');
        const event = asEvent(request);
        const requestContext = { ...event.requestContext, authorizer: { iam: { userArn } } };
        return integrate(invoke, options.decideWithIamFunction, { ...event, requestContext });
      },
    },
    {
      match: ({ path, method }) => method === 'GET' && runsPath.test(path),
      handle: (request) => {
        const event = asEvent(request);
        const userArn = readCaller(request, accountId) ?? `arn:aws:iam::${accountId}:user/browser`;
        return integrate(invoke, options.runPagesFunction, {
          ...event,
          ...readParameters(request),
          requestContext: { ...event.requestContext, authorizer: { iam: { userArn } } },
        });
      },
    },
  ];
}

/** The parameters of a route and of a query, decoded; what cannot be decoded is left as it is. */
function readParameters({ path, query }: WireRequest) {
  const [, name] = runsPath.exec(path) ?? [];
  return {
    ...(name !== undefined && { pathParameters: { name: decode(name) } }),
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The signature is not verified here, as nowhere in the local endpoint: the access key id is taken for the user's name. */
function readCaller(request: WireRequest, accountId: string): string | undefined {
  const signer = readSigner(request);
  return signer?.accessKeyId && `arn:aws:iam::${accountId}:user/${signer.accessKeyId}`;
}

/** An event of payload format 2.0, with its body in Base64 as API Gateway sends a form. */
function asEvent({ method, path, query, headers, body }: WireRequest) {
  const parts = [...query].map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: parts.join('&'),
    headers,
    requestContext: { http: { method, path, protocol: 'HTTP/1.1' } },
    ...(body.length > 0 && { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
  };
}

async function integrate(invoke: Invoke, name: string, event: unknown): Promise<WireResponse> {
  const result = await invoke(name, event).catch((refusal: AwsError) => ({ error: refusal }));
  if (!('payload' in result)) return answer(500, {}, '{"message":"Internal Server Error"}');
  const { statusCode, headers, body } = result.payload as HttpAnswer;
  return answer(statusCode, headers, body);
}

function answer(status: number, headers: Record<string, string>, body: string): WireResponse {
  return { status, headers, body: encodeText(body) };
}
