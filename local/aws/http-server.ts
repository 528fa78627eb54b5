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

class BodyTooLarge extends Error {}

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
    if (error instanceof BodyTooLarge) refuseLargeBody(request, response);
    else {
      if (!(error instanceof LostAnswer))
        console.error('The local endpoint failed and cut the connection.', error);
      request.socket.destroy();
    }
  }
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const url = new URL(request.url ?? '/', 'http://local');
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

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function unzip(body: Uint8Array): Uint8Array {
  return new Uint8Array(gunzipSync(body, { maxOutputLength: largestBody }));
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

function refuseLargeBody(request: IncomingMessage, response: ServerResponse): void {
  const body = encodeText(`The body is larger than ${largestBody} bytes.\n`);
  send(response, { status: 413, headers: { 'content-type': 'text/plain', connection: 'close' }, body });
  response.once('finish', () => request.socket.destroy());
}

function explainRefusedPort(cause: unknown, port: number, host: string): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') return cause;
  const advice = 'Stop the program that listens there, or choose another port (0 takes a free one).';
  return new Error(`Port ${port} of ${host} is in use. ${advice}`, { cause });
}
