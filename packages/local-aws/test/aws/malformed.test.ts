import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Service } from '../../wire/service.ts';
import { encodeText } from '../../wire/wire.ts';
import { callByHand, type RawCall } from './raw-call.ts';

const echo = (input: unknown) => {
  throw new Error(`not to be reached with ${JSON.stringify(input)}`);
};
const services: Service[] = [
  { name: 'rds', operations: { DescribeDBInstances: echo, CreateDBInstance: echo, AddTagsToResource: echo } },
  { name: 'states', operations: { DescribeExecution: echo, ListExecutions: echo } },
  { name: 'monitoring', operations: { GetMetricData: echo } },
  { name: 'lambda', operations: { Invoke: echo } },
];

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const query = (body: string): RawCall => ({
  signedFor: 'rds',
  headers: form,
  body: `Version=2014-10-31&${body}`,
});
const json = (operation: string, body: string | Uint8Array): RawCall => ({
  signedFor: 'states',
  headers: { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
  body,
});
const cbor = (body: Uint8Array): RawCall => ({
  signedFor: 'monitoring',
  path: '/service/GraniteServiceVersion20100801/operation/GetMetricData',
  headers: { 'smithy-protocol': 'rpc-v2-cbor' },
  body,
});

describe('a call that cannot be read', () => {
  it.each<[string, RawCall, string, number]>([
    ['a number that is none', query('Action=DescribeDBInstances&MaxRecords=many'), 'MalformedInput', 400],
    ['a boolean that is none', query('Action=CreateDBInstance&MultiAZ=yes'), 'MalformedInput', 400],
    [
      'a position that is none',
      query('Action=DescribeDBInstances&Filters.Filter.x.Name=a'),
      'MalformedInput',
      400,
    ],
    [
      'a text in place of a structure',
      query('Action=DescribeDBInstances&MaxRecords.a=1'),
      'MalformedInput',
      400,
    ],
    ['a missing member', query('Action=CreateDBInstance'), 'MissingParameter', 400],
    [
      'a missing member inside',
      query('Action=DescribeDBInstances&Filters.Filter.1.Values.Value.1=a'),
      'parameter Filters.1.Name.',
      400,
    ],
    ['an unknown action', query('Action=DropEverything'), 'InvalidAction', 400],
    [
      'another version',
      { ...query(''), body: 'Action=DescribeDBInstances&Version=1999-01-01' },
      'InvalidAction',
      400,
    ],
    [
      'a service that is not here',
      { ...query('Action=GetCallerIdentity'), signedFor: 'sts' },
      'InvalidAction',
      400,
    ],
    ['what is no JSON', json('DescribeExecution', '{'), 'SerializationException', 400],
    ['a list in place of an object', json('DescribeExecution', '[]'), 'SerializationException', 400],
    [
      'a number in place of a text',
      json('DescribeExecution', '{"executionArn":1}'),
      'SerializationException',
      400,
    ],
    ['no member at all', json('DescribeExecution', ''), 'ValidationException', 400],
    [
      'null in place of a member',
      json('DescribeExecution', '{"executionArn":null}'),
      'ValidationException',
      400,
    ],
    ['an unknown target', json('DropEverything', '{}'), 'UnknownOperationException', 400],
    ['what is no CBOR', cbor(encodeText('text')), 'SerializationException', 400],
  ])('with %s', async (_what, call, told, status) => {
    const answer = await callByHand(services, call);
    expect(answer.text).toContain(told);
    expect(answer.status).toBe(status);
  });

  it('is refused whatever it is, and never breaks a service', async () => {
    const complaint = vi.spyOn(console, 'error').mockReturnValue();
    const keys = fc.constantFrom(
      'Filters',
      'Filters.Filter',
      'Filters.Filter.1',
      'MaxRecords',
      '__proto__',
      'a..b',
    );
    const fields = fc.array(fc.tuple(fc.oneof(keys, fc.string()), fc.string()), { maxLength: 6 });
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => new Uint8Array(array));
    const calls = fc.oneof(
      fields.map((pairs) => query(`Action=AddTagsToResource&${new URLSearchParams(pairs)}`)),
      bytes.map((body) => json('DescribeExecution', body)),
      fc.json().map((body) => json('DescribeExecution', body)),
      bytes.map(cbor),
      fc.webPath().map((path) => ({ path, method: 'GET' })),
      fc.string().map((credential) => ({ signedFor: credential, headers: form, body: 'Action=x' })),
    );
    const refused = fc.asyncProperty(calls, async (call) => {
      const { status } = await callByHand(services, call);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    });
    await fc.assert(refused, { numRuns: 1500, seed: 20_260_101 });
    expect(complaint).not.toHaveBeenCalled();
    complaint.mockRestore();
  });
});

describe('what a caller may send', () => {
  async function receive(service: string, operation: string, call: RawCall): Promise<unknown> {
    let received: unknown;
    const keep = (input: unknown) => {
      received = input;
    };
    const answer = await callByHand([{ name: service, operations: { [operation]: keep } }], call);
    expect(answer.status).toBe(200);
    return received;
  }

  it('loses what the schema does not name', async () => {
    const call = json('ListExecutions', '{"maxResults":5,"made":"up","__proto__":{"maxResults":6}}');
    expect(await receive('states', 'ListExecutions', call)).toEqual({ maxResults: 5 });
    const asForm = query('Action=DescribeDBInstances&MaxRecords=20&Made.Up.1=x');
    expect(await receive('rds', 'DescribeDBInstances', asForm)).toEqual({ MaxRecords: 20 });
  });

  it('is a Query call by GET as well', async () => {
    const call: RawCall = {
      method: 'GET',
      signedFor: 'rds',
      query: 'Action=DescribeDBInstances&Version=2014-10-31&MaxRecords=20',
    };
    expect(await receive('rds', 'DescribeDBInstances', call)).toEqual({ MaxRecords: 20 });
  });

  it('orders a list by position, not by arrival', async () => {
    const values = [10, 2, 1].map((position) => `Filters.Filter.1.Values.Value.${position}=v${position}`);
    const call = query(`Action=DescribeDBInstances&Filters.Filter.1.Name=n&${values.join('&')}`);
    expect(await receive('rds', 'DescribeDBInstances', call)).toEqual({
      Filters: [{ Name: 'n', Values: ['v1', 'v2', 'v10'] }],
    });
  });

  it.each([
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00+01:00',
    '1767225600',
    'Thu, 01 Jan 2026 00:00:00 GMT',
  ])('writes an instant as %s', async (text) => {
    const call = query(`Action=DescribeEvents&StartTime=${encodeURIComponent(text)}`);
    expect(await receive('rds', 'DescribeEvents', call)).toEqual({
      StartTime: new Date('2026-01-01T00:00:00Z'),
    });
  });
});
