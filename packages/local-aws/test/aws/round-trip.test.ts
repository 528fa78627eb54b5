import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiOperation } from '../../wire/api.ts';
import { createEndpoint, type HttpServer } from '../../wire/endpoint.ts';
import { account } from './clients.ts';
import { apiNamed, createCommand, type Dialect, dialects, directDialects } from './dialects.ts';
import { arbitraryOf } from './schema-values.ts';

/** A service of which every operation answers what is wanted and keeps what it was asked. */
function createMirror(dialect: Dialect) {
  const mirror = { received: undefined as unknown, answer: {} as unknown };
  const mirrored = (input: unknown) => {
    mirror.received = input;
    return mirror.answer;
  };
  const names = [...apiNamed(dialect.api).operations.keys()];
  const operations = Object.fromEntries(names.map((name) => [name, mirrored]));
  return { mirror, endpoint: createEndpoint({ services: [{ name: dialect.api, operations }] }) };
}

/** Undefined members and the kind of byte array do not count. */
function asSeen(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asSeen);
  const entries = Object.entries(value).filter(([name, item]) => name !== '$metadata' && item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, asSeen(item)]));
}

async function expectRoundTrips(
  operation: ApiOperation,
  { mirror }: ReturnType<typeof createMirror>,
  dialect: Dialect,
  config: object,
  numRuns: number,
) {
  const client = dialect.createClient(config);
  const exchange = fc.asyncProperty(
    arbitraryOf(operation.input),
    arbitraryOf(operation.output),
    async (input, output) => {
      mirror.answer = output;
      const answer = await client.send(createCommand(dialect, operation.name, input));
      expect(asSeen(mirror.received)).toEqual(asSeen(input));
      expect(asSeen(answer)).toEqual(asSeen(output));
    },
  );
  await fc.assert(exchange, { numRuns, seed: 20_260_101 });
  client.destroy();
}

describe.each([
  ...dialects.map((dialect) => ({ dialect, runs: 12 })),
  ...directDialects.map((dialect) => ({ dialect, runs: 3 })),
])('$dialect.api in $dialect.protocol', ({ dialect, runs }) => {
  const mirrored = createMirror(dialect);
  const operations = [...apiNamed(dialect.api).operations.values()];

  it.each(operations)('carries $name there and back', async (operation) => {
    const { requestHandler } = mirrored.endpoint;
    await expectRoundTrips(operation, mirrored, dialect, { requestHandler }, runs);
  });
});

describe.each(dialects)('$api in $protocol', (dialect) => {
  it('carries the same over HTTP', async () => {
    const mirrored = createMirror(dialect);
    const operations = [...apiNamed(dialect.api).operations.values()];
    const server: HttpServer = await mirrored.endpoint.listen(0);
    for (const operation of operations.filter((_operation, index) => index % 12 === 0))
      await expectRoundTrips(operation, mirrored, dialect, { endpoint: server.url }, 4);
    await server.close();
  });
});

it('writes what XML cannot hold as a replacement character', async () => {
  const answer = { DBInstances: [{ DBInstanceIdentifier: 'a\u0000b\ud800c\u001b' }] };
  const { requestHandler } = createEndpoint({
    services: [{ name: 'rds', operations: { DescribeDBInstances: () => answer } }],
  });
  const heard = await new RDSClient({ ...account, requestHandler }).send(new DescribeDBInstancesCommand({}));
  expect(heard.DBInstances?.[0]?.DBInstanceIdentifier).toBe('a\ufffdb\ufffdc\ufffd');
});
