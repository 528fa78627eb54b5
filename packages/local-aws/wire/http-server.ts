import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { largestBody } from './content-encoding.ts';
import type { Dispatch } from './dispatch.ts';
import { LostAnswer } from './fault.ts';
import { asPlainText, type WireRequest, type WireResponse } from './wire.ts';

export interface HttpServer {
  url: string;
  /** Stops listening and cuts every connection, kept-alive ones too. */
  close(): Promise<void>;
}

/** A request that HTTP itself has to refuse. */
class UnusableRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Serves the dispatcher over HTTP. */
export async function listen(dispatch: Dispatch, port: number, host: string): Promise<HttpServer> {
  const server = createServer((request, response) => void serve(dispatch, request, response));
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explainRefusedPort(error, port, host);
  }
  const address = server.address() as AddressInfo;
  return { url: `http://${host}:${address.port}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function serve(dispatch: Dispatch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, await dispatch(await readRequest(request)));
  } catch (error) {
    if (error instanceof UnusableRequest) return send(response, asPlainText(error.status, error.message));
    const clientLeft = request.errored !== null;
    if (!clientLeft && !(error instanceof LostAnswer))
      console.error('The local endpoint failed and cut the connection.', error);
    request.socket.destroy();
  }
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const url = URL.parse(request.url ?? '/', 'http://local');
  if (!url) throw new UnusableRequest(400, 'The address cannot be read.');
  const body = await readBody(request);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body,
  };
}

/** What is too much is read to its end and not kept: a client that still sends would not hear the refusal. */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) throw new UnusableRequest(413, `The body is larger than ${largestBody} bytes.`);
  return new Uint8Array(Buffer.concat(chunks));
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

function explainRefusedPort(cause: unknown, port: number, host: string): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') return cause;
  const advice = 'Stop the program that listens there, or choose another port (0 takes a free one).';
  return new Error(`Port ${port} of ${host} is in use. ${advice}`, { cause });
}
