import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Dispatch } from './dispatch.ts';
import { LostAnswer } from './fault.ts';
import { encodeText, type WireRequest, type WireResponse } from './wire.ts';

export interface HttpServer {
  url: string;
  /** Stops listening and cuts every connection, kept-alive ones too. */
  close(): Promise<void>;
}

/** A Lambda payload may have 6 MB and grows by a third in Base64; nothing that these services take is larger. */
const largestBody = 8 * 1024 * 1024;

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
    if (error instanceof UnusableRequest) send(response, asPlainText(error));
    else {
      if (!(error instanceof LostAnswer))
        console.error('The local endpoint failed and cut the connection.', error);
      request.socket.destroy();
    }
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
    body: request.headers['content-encoding'] === 'gzip' ? unzip(body) : body,
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
  if (size > largestBody) throw tooLarge();
  return new Uint8Array(Buffer.concat(chunks));
}

function unzip(body: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(body, { maxOutputLength: largestBody }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new UnusableRequest(400, 'The body is not gzip, though it says so.');
  }
}

function tooLarge(): UnusableRequest {
  return new UnusableRequest(413, `The body is larger than ${largestBody} bytes.`);
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

function asPlainText({ status, message }: UnusableRequest): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: encodeText(`${message}\n`),
  };
}

function explainRefusedPort(cause: unknown, port: number, host: string): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') return cause;
  const advice = 'Stop the program that listens there, or choose another port (0 takes a free one).';
  return new Error(`Port ${port} of ${host} is in use. ${advice}`, { cause });
}
