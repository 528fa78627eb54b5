import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configureClients } from '../../functions/aws/clients/settings.ts';
import { readInstance } from '../../functions/aws/rds/read.ts';
import { addTags, deleteInstance, setParameter } from '../../functions/aws/rds/write.ts';
import { pointRecordAddress } from '../../functions/aws/route53/records.ts';
import { publish } from '../../functions/aws/sns/publish.ts';
import { answerToken } from '../../functions/aws/step-functions/tokens.ts';
import { actAs } from '../../functions/runtime/actor.ts';
import { createEndpoint, type Fault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError, type Operation } from '../../packages/local-aws/wire/service.ts';
import { quietly } from '../handlers/quiet.ts';

const state = quietly();
const who = {
  state: 'Delete old blue',
  executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:m:run',
} as const;

/** What happens to each call in turn; nothing is answered as it is. */
let fates: (Fault | undefined)[] = [];
const operations: Record<string, Operation> = {
  DeleteDBInstance: () => ({ DBInstance: { DBInstanceIdentifier: 'orders-old1', DbiResourceId: 'db-OLD' } }),
  AddTagsToResource: () => ({}),
  DescribeDBInstances: () => ({ DBInstances: [] }),
  SendTaskSuccess: () => ({}),
  ModifyDBParameterGroup: () => ({}),
  Publish: () => ({ MessageId: 'm' }),
  ChangeResourceRecordSets: () => ({ ChangeInfo: { Id: 'C', Status: 'PENDING', SubmittedAt: new Date(0) } }),
};

beforeEach(() => {
  fates = [];
  const services = ['rds', 'states', 'sns', 'route53'].map((name) => ({ name, operations }));
  const { requestHandler } = createEndpoint({ services, intercept: () => fates.shift() });
  const credentials = { accessKeyId: 'AKIAREHEARSAL0000000', secretAccessKey: 'test' };
  configureClients({ region: 'eu-west-1', requestHandler, credentials });
});
afterEach(() => configureClients(undefined));

const refuse = (name: string, status?: number): Fault => ({
  before: { refuse: new AwsError(name, 'no', status) },
});
const act = (work: () => Promise<unknown>) => actAs(who, work).catch(() => {});
const id = expect.stringMatching(/^[\w-]{36}\/1$/);
const requestId = expect.stringMatching(/^[\w-]{36}$/);

describe('a call that changes something', () => {
  const change = { call: 'DeleteDBInstance', resource: 'DBInstanceIdentifier=orders-old1', id, ...who };

  test('is recorded before it is sent, and with the id of what AWS answered about', async () => {
    await act(() => deleteInstance('orders-old1', {}));
    expect(state.lines).toEqual([
      { event: 'change.sent', ...change },
      { event: 'change.accepted', ...change, requestId, resourceId: 'db-OLD' },
    ]);
  });

  test.each<[string, Fault, object]>([
    [
      'refused, by the name of the error',
      refuse('InvalidDBInstanceState'),
      { event: 'change.refused', error: 'InvalidDBInstanceStateFault', requestId },
    ],
    [
      'refused when AWS throttles it',
      refuse('Throttling'),
      { event: 'change.refused', error: 'Throttling', requestId },
    ],
    [
      'unknown when AWS fails',
      refuse('InternalFailure', 500),
      { event: 'change.unknown', error: 'InternalFailure', requestId },
    ],
    [
      'unknown when no answer comes',
      { after: { drop: true } },
      { event: 'change.unknown', error: 'TimeoutError' },
    ],
  ])('is %s', async (_, fate, said) => {
    fates = [fate];
    await act(() => deleteInstance('orders-old1', {}));
    expect(state.lines).toEqual([
      { event: 'change.sent', ...change },
      { ...change, ...said },
    ]);
  });

  test('that is sent again is recorded again', async () => {
    fates = [{ before: { drop: true } }];
    await act(() =>
      publish('arn:aws:sns:eu-west-1:1:t', {
        subject: 's',
        text: 'secret',
        json: {},
        attributes: { kind: 'outcome', severity: 'OK', id: '1' },
      }),
    );
    expect(state.lines.map(({ event, id }) => `${event} ${String(id).split('/')[1]}`)).toEqual([
      'change.sent 1',
      'change.unknown 1',
      'change.sent 2',
      'change.accepted 2',
    ]);
  });

  test.each<[string, string | undefined, () => Promise<unknown>]>([
    ['AddTagsToResource', 'ResourceName=arn:db', () => addTags('arn:db', { secret: 'secret' })],
    [
      'ModifyDBParameterGroup',
      'DBParameterGroupName=orders-own',
      () => setParameter('orders-own', 'read_only', '0'),
    ],
    ['SendTaskSuccess', undefined, () => answerToken('secret', '"secret"')],
    [
      'ChangeResourceRecordSets',
      'HostedZoneId=Z1 Name=db.example.com',
      () => pointRecordAddress({ hostedZoneId: 'Z1', recordName: 'db.example.com' }, 'secret', 60),
    ],
  ])('%s names what it is about and nothing else', async (call, resource, work) => {
    await act(work);
    expect(state.lines).toMatchObject([
      { event: 'change.sent', call },
      { event: 'change.accepted', call },
    ]);
    expect(state.lines.map((line) => line.resource)).toEqual([resource, resource]);
    expect(JSON.stringify(state.lines)).not.toContain('secret');
  });
});

test('a reading is not recorded', async () => {
  await act(() => readInstance('orders'));
  expect(state.lines).toEqual([]);
});
