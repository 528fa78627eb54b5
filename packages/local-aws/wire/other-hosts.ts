import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';

type Handler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/**
 * Leaves calls to AWS to the handler, and sends calls to any other host over HTTP: a client addresses another host when
 * `AWS_ENDPOINT_URL_SFN` or its like says so, as the SDK has it.
 */
export function reachOtherHosts(aws: Handler): Handler {
  return {
    ...aws,
    handle(request, options) {
      const isAws = request.hostname.endsWith('.amazonaws.com');
      return isAws ? aws.handle(request, options) : send(request);
    },
  };
}

/** As long as the SDK's own handler waits for functions that are deployed. Real milliseconds. */
const timeoutMs = 10_000;

async function send(request: HttpRequest): Promise<{ response: HttpResponse }> {
  const { protocol, hostname, port, path, query, method, headers, body } = request;
  const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
  for (const [name, value] of Object.entries(query ?? {}))
    for (const item of [value].flat()) url.searchParams.append(name, item ?? '');
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(url, {
    method,
    headers,
    body: body as Uint8Array<ArrayBuffer> | string,
    signal,
  });
  const response = {
    statusCode: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: new Uint8Array(await answer.arrayBuffer()),
  };
  return { response };
}
