import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { beforeEach, describe, expect, it } from 'vitest';
import { Route53Service } from '../../services/route53.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { account } from './clients.ts';

let now: number;
let service: Route53Service;
let client: Route53Client;
let zone: string;

beforeEach(async () => {
  now = Date.parse('2026-11-21T12:00:00Z');
  service = new Route53Service({ clock: { now: () => now, sleep: async () => {} } });
  const { requestHandler } = createEndpoint({ services: [service] });
  client = new Route53Client({ ...account, requestHandler, maxAttempts: 1 });
  const made = await client.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: '1' }));
  zone = made.HostedZone?.Id ?? '';
});

const cname = (Name: string, Value: string, TTL = 60): ResourceRecordSet => ({
  Name,
  Type: 'CNAME',
  TTL,
  ResourceRecords: [{ Value }],
});

/** Some seconds after the last change, which the zone has then taken in. */
async function change(...Changes: Change[]): Promise<string> {
  now += 5_000;
  const input = { HostedZoneId: zone, ChangeBatch: { Changes } };
  return (await client.send(new ChangeResourceRecordSetsCommand(input))).ChangeInfo?.Id ?? '';
}

async function list(StartRecordName?: string, MaxItems?: number) {
  const answer = await client.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName, MaxItems }),
  );
  return answer.ResourceRecordSets?.map(({ Name, ResourceRecords }) => [Name, ResourceRecords?.[0]?.Value]);
}

const status = async (Id: string) => (await client.send(new GetChangeCommand({ Id }))).ChangeInfo?.Status;

describe('a change', () => {
  it('is seen in the API at once, and answered by name servers when it is in sync', async () => {
    await change({ Action: 'CREATE', ResourceRecordSet: cname('db.example.com', 'one.example.org') });
    now += 60_000;
    const id = await change({
      Action: 'UPSERT',
      ResourceRecordSet: cname('DB.example.com.', 'two.example.org'),
    });
    expect(await list('db.example.com', 1)).toEqual([['db.example.com.', 'two.example.org']]);
    expect(await status(id)).toBe('PENDING');
    expect(service.resolve(zone, 'db.example.com')?.value).toBe('one.example.org');
    now += service.behaviour.propagation;
    expect(await status(id)).toBe('INSYNC');
    expect(service.resolve(zone, 'db.example.com')).toEqual({ value: 'two.example.org', ttlSeconds: 60 });
  });

  it('is refused while the one before is taken in', async () => {
    await change({ Action: 'CREATE', ResourceRecordSet: cname('a.example.com', 'one.example.org') });
    now -= 5_000;
    await expect(
      change({ Action: 'CREATE', ResourceRecordSet: cname('b.example.com', 'one.example.org') }),
    ).rejects.toMatchObject({ name: 'PriorRequestNotComplete', $metadata: { httpStatusCode: 400 } });
  });

  it('is made whole or not at all', async () => {
    const batch = change(
      { Action: 'CREATE', ResourceRecordSet: cname('a.example.com', 'one.example.org') },
      { Action: 'DELETE', ResourceRecordSet: cname('b.example.com', 'one.example.org') },
    );
    await expect(batch).rejects.toMatchObject({ name: 'InvalidChangeBatch' });
    expect(await list()).toEqual([]);
  });

  it.each<[what: string, Action: Change['Action'], set: ResourceRecordSet]>([
    ['a second one of a name', 'CREATE', cname('db.example.com', 'two.example.org')],
    ['a deletion with other values', 'DELETE', cname('db.example.com', 'two.example.org')],
    ['another type beside a CNAME', 'CREATE', { ...cname('db.example.com', '192.0.2.1'), Type: 'A' }],
    ['a name of another zone', 'CREATE', cname('db.example.org', 'one.example.org')],
    ['no value', 'UPSERT', { ...cname('db.example.com', ''), ResourceRecords: undefined }],
  ])('is refused as InvalidChangeBatch: %s', async (_what, Action, ResourceRecordSet) => {
    await change({ Action: 'CREATE', ResourceRecordSet: cname('db.example.com', 'one.example.org') });
    await expect(change({ Action, ResourceRecordSet })).rejects.toMatchObject({ name: 'InvalidChangeBatch' });
    expect(await list()).toEqual([['db.example.com.', 'one.example.org']]);
  });
});

describe('weighted records', () => {
  const weighted = (SetIdentifier: string, Weight: number): ResourceRecordSet => ({
    ...cname('db.example.com', `${SetIdentifier}.example.org`),
    SetIdentifier,
    Weight,
  });
  const write = async (one: number, two: number) => {
    await change(
      { Action: 'UPSERT', ResourceRecordSet: weighted('one', one) },
      { Action: 'UPSERT', ResourceRecordSet: weighted('two', two) },
    );
    now += service.behaviour.propagation;
  };
  const shareOfTwo = () => {
    const answers = Array.from({ length: 1_000 }, () => service.resolve(zone, 'db.example.com')?.value);
    return answers.filter((value) => value === 'two.example.org').length / 10;
  };

  it.each([
    [100, 0, 0, 0],
    [0, 100, 100, 100],
    [80, 20, 13, 27],
    [0, 0, 40, 60],
  ])('of %i and %i answer the second for %i to %i of a hundred', async (one, two, least, most) => {
    await write(one, two);
    const share = shareOfTwo();
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });

  it('are held by clients for the time to live after they were answered last', async () => {
    await write(50, 50);
    await write(100, 0);
    expect(service.answersHeld(zone, 'db.example.com').sort()).toEqual([
      'one.example.org',
      'two.example.org',
    ]);
    now += 61_000;
    expect(service.answersHeld(zone, 'db.example.com')).toEqual(['one.example.org']);
  });

  it.each([
    ['beside a simple one of the name', cname('db.example.com', 'three.example.org')],
    ['without an identifier', { ...weighted('three', 1), SetIdentifier: undefined }],
    ['with a weight over 255', weighted('three', 256)],
  ])('are refused %s', async (_what, ResourceRecordSet) => {
    await write(50, 50);
    await expect(change({ Action: 'UPSERT', ResourceRecordSet })).rejects.toMatchObject({
      name: 'InvalidChangeBatch',
    });
  });
});

describe('a list', () => {
  it('goes by the labels from the last on, and may begin at a name that is not there', async () => {
    for (const name of ['b.example.com', 'a.b.example.com', 'a.example.com', 'c.example.com'])
      await change({ Action: 'CREATE', ResourceRecordSet: cname(name, 'one.example.org') });
    const names = async (from?: string, most?: number) => (await list(from, most))?.map(([name]) => name);
    expect(await names()).toEqual(['a.example.com.', 'b.example.com.', 'a.b.example.com.', 'c.example.com.']);
    expect(await names('b.example.com', 2)).toEqual(['b.example.com.', 'a.b.example.com.']);
    expect(await names('bb.example.com')).toEqual(['c.example.com.']);
  });

  it('knows no zone and no change that is not there', async () => {
    zone = 'Z0NONE';
    await expect(list()).rejects.toMatchObject({
      name: 'NoSuchHostedZone',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(status('C0NONE')).rejects.toMatchObject({ name: 'NoSuchChange' });
  });
});
