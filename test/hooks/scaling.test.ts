import { createServer as createPlain, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as ecs } from '../../docs/examples/hooks/ecs.ts';
import { handler as kubernetes } from '../../docs/examples/hooks/kubernetes.ts';
import { handler as lambda } from '../../docs/examples/hooks/lambda.ts';
import { makeCertificate } from '../sql/certificate.ts';
import { eventAt } from './event.ts';

const servers: { close(): void }[] = [];
const port = async (server: ReturnType<typeof createPlain>) => {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
};

async function read(request: IncomingMessage) {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? undefined : JSON.parse(text);
}

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  vi.stubEnv('STOP_SECONDS', '0');
  vi.stubEnv('DRAIN_SECONDS', '0');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => vi.unstubAllEnvs());

describe('the hook of ECS', () => {
  const arn = 'arn:aws:ecs:eu-west-1:111122223333:service/shop/orders';

  /** A service that ends its tasks at once, unless it keeps some. */
  async function serve({ keeps = 0, scaledUp = false } = {}) {
    const service = { desiredCount: 3, tags: new Map<string, string>() };
    const acts: string[] = [];
    const listener: RequestListener = async (request, response) => {
      const act = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      expect(request.headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/ecs\//,
      );
      const input = await read(request);
      if (act !== 'DescribeServices') acts.push(act);
      if (act === 'UpdateService') service.desiredCount = scaledUp ? 2 : input.desiredCount;
      if (act === 'TagResource') service.tags.set(input.tags[0].key, input.tags[0].value);
      if (act === 'UntagResource') service.tags.delete(input.tagKeys[0]);
      const tags = [...service.tags].map(([key, value]) => ({ key, value }));
      const runningCount = Math.max(service.desiredCount, keeps);
      const described = {
        serviceArn: arn,
        status: 'ACTIVE',
        ...service,
        runningCount,
        pendingCount: 0,
        tags,
      };
      response.end(
        JSON.stringify(
          input.services?.includes(arn) || act !== 'DescribeServices'
            ? { services: [described] }
            : { services: [] },
        ),
      );
    };
    vi.stubEnv('AWS_ENDPOINT_URL_ECS', `http://127.0.0.1:${await port(createPlain(listener))}`);
    vi.stubEnv('SERVICE_ARNS', arn);
    return { service, acts };
  }

  it('scales down and back to as many tasks as before, also when each is asked twice', async () => {
    const { service, acts } = await serve();
    for (let time = 0; time < 2; time += 1)
      expect(await ecs(eventAt('stopWrites'))).toMatchObject({ verdict: 'pass' });
    expect(service).toMatchObject({ desiredCount: 0, tags: new Map([['viridian-hook:tasks', '3']]) });
    for (let time = 0; time < 2; time += 1)
      expect(await ecs(eventAt('resumeWrites'))).toMatchObject({ verdict: 'pass' });
    expect(service).toMatchObject({ desiredCount: 3, tags: new Map() });
    expect(acts).toEqual(['TagResource', 'UpdateService', 'UpdateService', 'UpdateService', 'UntagResource']);
  });

  it.each([
    ['tasks that do not end', { keeps: 1 }, arn, /still has 1 tasks/],
    ['something that scales it up', { scaledUp: true }, arn, /suspend its scaling/],
    ['a service that is not there', {}, `${arn}s`, /no active service/],
  ])('says no to %s', async (_, how, asked, because) => {
    await serve(how);
    vi.stubEnv('SERVICE_ARNS', asked);
    expect(await ecs(eventAt('stopWrites'))).toMatchObject({
      verdict: 'fail',
      because: expect.stringMatching(because),
    });
  });
});

describe('the hook of Kubernetes', () => {
  const trusted = makeCertificate('localhost');

  /** A Deployment that ends its pods at once, unless it keeps some. Patches merge as RFC 7386 says. */
  async function serve({ keeps = 0, certificate = trusted } = {}) {
    const deployment = {
      metadata: { annotations: {} as Record<string, string | null> },
      spec: { replicas: 4 },
    };
    const seen: string[] = [];
    const listener: RequestListener = async (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const token = String(request.headers.authorization).replace('Bearer k8s-aws-v1.', '');
      const signedIn = new URL(Buffer.from(token, 'base64url').toString());
      expect([signedIn.host, signedIn.searchParams.get('Action')]).toEqual([
        'sts.eu-west-1.amazonaws.com',
        'GetCallerIdentity',
      ]);
      expect(signedIn.searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
      if (!request.url?.endsWith('/namespaces/web/deployments/orders')) return response.writeHead(404).end();
      const patch = await read(request);
      Object.assign(deployment.metadata.annotations, patch?.metadata.annotations);
      for (const [name, value] of Object.entries(deployment.metadata.annotations))
        if (value === null) delete deployment.metadata.annotations[name];
      Object.assign(deployment.spec, patch?.spec);
      response.end(
        JSON.stringify({ ...deployment, status: { replicas: Math.max(deployment.spec.replicas, keeps) } }),
      );
    };
    vi.stubEnv('CLUSTER_ENDPOINT', `https://localhost:${await port(createSecure(certificate, listener))}`);
    vi.stubEnv('CLUSTER_NAME', 'production');
    vi.stubEnv('CLUSTER_CA', Buffer.from(trusted.cert).toString('base64'));
    vi.stubEnv('DEPLOYMENTS', 'web/orders');
    return { deployment, seen };
  }

  it('scales down and back to as many pods as before, also when each is asked twice', async () => {
    const { deployment } = await serve();
    for (let time = 0; time < 2; time += 1)
      expect(await kubernetes(eventAt('stopWrites'))).toMatchObject({ verdict: 'pass' });
    expect(deployment).toEqual({
      metadata: { annotations: { 'viridian-hook/replicas': '4' } },
      spec: { replicas: 0 },
    });
    for (let time = 0; time < 2; time += 1)
      expect(await kubernetes(eventAt('resumeWrites'))).toMatchObject({ verdict: 'pass' });
    expect(deployment).toEqual({ metadata: { annotations: {} }, spec: { replicas: 4 } });
  });

  it.each([
    ['pods that do not end', { keeps: 2 }, 'web/orders', /still has 2 pods/],
    ['a Deployment that is not there', {}, 'web/other', /HTTP 404/],
    [
      'a cluster that is another one',
      { certificate: makeCertificate('localhost') },
      'web/orders',
      /self-signed certificate/,
    ],
  ])('says no to %s', async (_, how, asked, because) => {
    await serve(how);
    vi.stubEnv('DEPLOYMENTS', asked);
    expect(await kubernetes(eventAt('stopWrites'))).toMatchObject({
      verdict: 'fail',
      because: expect.stringMatching(because),
    });
  });
});

describe('the hook of Lambda', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
  const client = mockClient(LambdaClient);
  afterAll(() => client.restore());

  function serve(reserved: number | undefined) {
    const of = {
      reserved,
      tags: {} as Record<string, string>,
      variables: { TABLE: 'orders' } as Record<string, string>,
      order: [] as string[],
    };
    client.reset();
    client.on(ListTagsCommand).callsFake(() => ({ Tags: { ...of.tags } }));
    client.on(TagResourceCommand).callsFake(({ Tags }) => Object.assign(of.tags, Tags));
    client.on(UntagResourceCommand).callsFake(({ TagKeys }) => delete of.tags[TagKeys[0]]);
    client.on(GetFunctionConcurrencyCommand).callsFake(() => ({ ReservedConcurrentExecutions: of.reserved }));
    client.on(PutFunctionConcurrencyCommand).callsFake(({ ReservedConcurrentExecutions: to }) => {
      of.order.push(`reserve ${to}`);
      of.reserved = to;
    });
    client.on(DeleteFunctionConcurrencyCommand).callsFake(() => {
      of.order.push('reserve nothing');
      of.reserved = undefined;
    });
    client.on(UpdateFunctionConfigurationCommand).callsFake(({ Environment }) => {
      of.order.push('renew');
      of.variables = Environment.Variables;
    });
    client.on(GetFunctionConfigurationCommand).callsFake(() => ({
      Timeout: 20,
      LastUpdateStatus: 'Successful',
      Environment: { Variables: of.variables },
    }));
    vi.stubEnv('FUNCTION_ARNS', arn);
    return of;
  }

  it.each([
    ['a reserved concurrency', 5, ['reserve 0', 'reserve 0', 'renew', 'reserve 5']],
    ['no reserved concurrency', undefined, ['reserve 0', 'reserve 0', 'renew', 'reserve nothing']],
  ])('stops a function with %s and lets it begin again with new environments', async (_, before, order) => {
    const of = serve(before);
    for (let time = 0; time < 2; time += 1)
      expect(await lambda(eventAt('stopWrites'))).toMatchObject({ verdict: 'pass' });
    expect(of.reserved).toBe(0);
    for (let time = 0; time < 2; time += 1)
      expect(await lambda(eventAt('resumeWrites'))).toMatchObject({ verdict: 'pass' });
    expect(of).toMatchObject({ reserved: before, tags: {}, order });
    expect(of.variables).toEqual({ TABLE: 'orders', VIRIDIAN_RENEWED: expect.stringMatching(/^run-7 /) });
  });

  it('keeps a function stopped that was not renewed', async () => {
    const of = serve(5);
    await lambda(eventAt('stopWrites'));
    client
      .on(GetFunctionConfigurationCommand)
      .resolves({ LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no subnet' });
    expect(await lambda(eventAt('resumeWrites'))).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('no subnet'),
    });
    expect(of.reserved).toBe(0);
  });
});
