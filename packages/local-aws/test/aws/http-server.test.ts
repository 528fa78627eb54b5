import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CallRecord,
  createEndpoint,
  type Endpoint,
  type HttpServer,
  type Route,
} from '../../wire/endpoint.ts';
import { asPlainText, decodeText } from '../../wire/wire.ts';
import { account } from './clients.ts';

const page: Route = {
  match: ({ path }) => path.startsWith('/approval'),
  handle: ({ method, path, query, body }) =>
    asPlainText(200, `${method} ${path} ${query.get('seal')} ${decodeText(body)}`),
};

let endpoint: Endpoint;
let server: HttpServer;
let metricCalls: { MetricData?: unknown[] }[];
/** A call that is held has arrived. */
let arrived: Promise<void>;
let release: () => void;
let ended: CallRecord[];

beforeEach(async () => {
  metricCalls = [];
  ended = [];
  const [held, called] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holdCall = () => {
    called.resolve();
    return held.promise;
  };
  release = held.resolve;
  arrived = called.promise;
  endpoint = createEndpoint({
    routes: [page],
    onCall: (record) => ended.push(record),
    services: [
      { name: 'rds', operations: { DescribeDBInstances: () => holdCall() } },
      { name: 'monitoring', operations: { PutMetricData: (input) => void metricCalls.push(input) } },
    ],
  });
  server = await endpoint.listen(0);
});

afterEach(() => server.close());

describe('the port', () => {
  it('is of this machine only', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });

  it('is named, with what to do, when it is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(createEndpoint({ services: [] }).listen(port)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use. Stop the program that listens there, or choose another port`,
    );
  });

  it('is free again after closing, although clients kept their connections', async () => {
    const socket = await openSocket(server);
    socket.write('GET /approval?seal=x HTTP/1.1\r\nHost: local\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'data');
    const cut = once(socket, 'close');
    await server.close();
    await cut;
    const successor = createServer();
    successor.listen(Number(new URL(server.url).port), '127.0.0.1');
    await once(successor, 'listening');
    successor.close();
  });

  it('closes while a call is being answered, and closes twice', async () => {
    const client = new RDSClient({ ...account, endpoint: server.url, maxAttempts: 1 });
    const asked = client.send(new DescribeDBInstancesCommand({})).catch((error: unknown) => error);
    const complaint = vi.spyOn(console, 'error');
    await arrived;
    await server.close();
    await server.close();
    expect(await asked).toBeInstanceOf(Error);
    release();
    await vi.waitFor(() => expect(ended).toHaveLength(1), { timeout: 60_000 });
    expect(complaint).not.toHaveBeenCalled();
    complaint.mockRestore();
  });

  it('bears clients that leave in the middle of a request', async () => {
    const complaint = vi.spyOn(console, 'error');
    const socket = await openSocket(server);
    socket.write('POST /approval HTTP/1.1\r\nHost: local\r\nContent-Length: 100\r\n\r\nhalf');
    socket.destroy();
    await once(socket, 'close');
    const answer = await fetch(`${server.url}/approval?seal=x`);
    expect(answer.status).toBe(200);
    expect(complaint).not.toHaveBeenCalled();
    complaint.mockRestore();
  });
});

describe('a request', () => {
  it('goes to a page before it goes to AWS', async () => {
    const answer = await fetch(`${server.url}/approval/run-1?seal=abc`, { method: 'POST', body: 'yes' });
    expect(await answer.text()).toBe('POST /approval/run-1 abc yes\n');
  });

  it('to nothing known is not found', async () => {
    const answer = await fetch(`${server.url}/favicon.ico`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('GET /favicon.ico');
  });

  it('of AWS must be signed, so that no web page can make one with a form', async () => {
    const form = new URLSearchParams({ Action: 'DescribeDBInstances', Version: '2014-10-31' });
    const answer = await fetch(server.url, { method: 'POST', body: form });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('larger than anything that AWS takes is refused', async () => {
    const body = new Uint8Array(8 * 1024 * 1024 + 1);
    const answer = await fetch(`${server.url}/approval`, { method: 'POST', body });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('larger than 8388608 bytes');
  });

  it('that unpacks to more than anything that AWS takes is refused', async () => {
    const body = gzipSync(new Uint8Array(8 * 1024 * 1024 + 1));
    const headers = { 'content-encoding': 'gzip' };
    const answer = await fetch(`${server.url}/approval`, { method: 'POST', body, headers });
    expect(answer.status).toBe(400);
  });

  it('whose address cannot be read is refused', async () => {
    const socket = await openSocket(server);
    socket.write('GET // HTTP/1.1\r\nHost: local\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });

  it('may be packed, as the SDK does it with many metrics', async () => {
    const MetricData = Array.from({ length: 200 }, (_none, index) => ({
      MetricName: `metric-with-a-long-name-${index}`,
      Value: index,
    }));
    const command = new PutMetricDataCommand({ Namespace: 'Viridian', MetricData });
    await new CloudWatchClient({ ...account, endpoint: server.url }).send(command);
    await new CloudWatchClient({ ...account, requestHandler: endpoint.requestHandler }).send(command);
    expect(metricCalls.map((input) => input.MetricData)).toEqual([MetricData, MetricData]);
  });
});

async function openSocket({ url }: HttpServer): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
