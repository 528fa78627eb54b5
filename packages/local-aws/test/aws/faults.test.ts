import {
  DescribeDBInstancesCommand,
  RDSClient,
  SwitchoverBlueGreenDeploymentCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../virtual-clock.ts';
import { handOver } from '../../wire/direct-client.ts';
import {
  type CallRecord,
  createEndpoint,
  type DispatchOptions,
  type Fault,
  type HttpServer,
} from '../../wire/endpoint.ts';
import { AwsError } from '../../wire/service.ts';
import { account } from './clients.ts';

const switchover = new SwitchoverBlueGreenDeploymentCommand({
  BlueGreenDeploymentIdentifier: 'bgd-1',
  SwitchoverTimeout: 300,
});

let processed: number;
let records: CallRecord[];
/** What goes wrong with the first calls, one entry a call. */
let faults: (Fault | undefined)[];
let server: HttpServer;

const options: DispatchOptions = {
  services: [
    {
      name: 'rds',
      operations: {
        SwitchoverBlueGreenDeployment: () => {
          processed += 1;
          return { BlueGreenDeployment: { Status: 'SWITCHOVER_IN_PROGRESS' } };
        },
        DescribeDBInstances: () => ({ DBInstances: [] }),
      },
    },
  ],
  onCall: (record) => records.push(record),
  intercept: () => faults.shift(),
};
const endpoint = createEndpoint(options);

beforeEach(async () => {
  processed = 0;
  records = [];
  faults = [];
  server = await endpoint.listen(0);
});

afterEach(() => server.close());

const reset: Fault = { after: { drop: true } };
const throttle: Fault = { before: { refuse: new AwsError('Throttling', 'Rate exceeded') } };

describe.each([
  ['in process', () => ({ requestHandler: endpoint.requestHandler }), () => {}],
  ['that hands its calls over', () => ({ requestHandler: endpoint.requestHandler }), handOver],
  ['over HTTP', () => ({ endpoint: server.url }), () => {}],
])('a client %s', (_way, reach, prepare: (client: RDSClient) => void) => {
  const createClient = (settings: object) => {
    const client = new RDSClient({ ...account, ...reach(), ...settings });
    prepare(client);
    return client;
  };

  it('sends a call three times when the answers are lost, unless it is told otherwise', async () => {
    faults = [reset, reset, reset, reset];
    await expect(createClient({}).send(switchover)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(processed).toBe(3);
    expect(records.map(({ call }) => call.attempt)).toEqual([1, 2, 3]);
    expect(new Set(records.map(({ call }) => call.invocationId)).size).toBe(1);
    expect(new Set(records.map(({ call }) => call.requestId)).size).toBe(3);
  });

  it('with one attempt sends a call once when the answer is lost', async () => {
    faults = [reset, reset];
    await expect(createClient({ maxAttempts: 1 }).send(switchover)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(processed).toBe(1);
    expect(records.map(({ outcome }) => outcome)).toEqual([{ kind: 'lost', processed: true }]);
  });

  it('whose request is lost has changed nothing', async () => {
    faults = [{ before: { drop: true } }];
    await expect(createClient({ maxAttempts: 1 }).send(switchover)).rejects.toThrow();
    expect(processed).toBe(0);
    expect(records.map(({ outcome }) => outcome)).toEqual([{ kind: 'lost', processed: false }]);
  });

  it('waits and tries again when it is throttled', async () => {
    faults = [throttle, throttle];
    const answer = await createClient({}).send(switchover);
    expect(answer.$metadata.attempts).toBe(3);
    expect(processed).toBe(1);
    expect(records.map(({ outcome }) => outcome.kind)).toEqual(['refused', 'refused', 'answered']);
  });

  it('with one attempt hears that it is throttled', async () => {
    faults = [throttle];
    await expect(createClient({ maxAttempts: 1 }).send(switchover)).rejects.toMatchObject({
      name: 'Throttling',
    });
    expect(processed).toBe(0);
  });

  it('can be refused although the call was processed', async () => {
    faults = [{ after: { refuse: new AwsError('InternalFailure', 'lost it', 500) } }];
    await expect(createClient({ maxAttempts: 1 }).send(switchover)).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    expect(processed).toBe(1);
  });

  it('is told apart in the call log by its input and its key', async () => {
    await createClient({}).send(switchover);
    expect(records).toEqual([
      {
        call: {
          service: 'rds',
          operation: 'SwitchoverBlueGreenDeployment',
          accessKeyId: 'local',
          attempt: 1,
          requestId: expect.any(String),
          invocationId: expect.any(String),
        },
        input: { BlueGreenDeploymentIdentifier: 'bgd-1', SwitchoverTimeout: 300 },
        outcome: { kind: 'answered', output: { BlueGreenDeployment: { Status: 'SWITCHOVER_IN_PROGRESS' } } },
      },
    ]);
  });
});

it('delays a call by the clock of the run, and counts it as in flight meanwhile', async () => {
  const time = new VirtualClock();
  const { requestHandler } = createEndpoint({ ...options, clock: time });
  const started = time.now();
  faults = [{ before: { delayMs: 90_000 }, after: { delayMs: 30_000 } }];
  const client = new RDSClient({ ...account, requestHandler });
  const asked = client.send(new DescribeDBInstancesCommand({}));
  const seen: number[] = [];
  time.after(60_000, () => seen.push(requestHandler.inFlight()));
  await time.run(asked);
  expect(seen).toEqual([1]);
  expect(time.now() - started).toBe(120_000);
  expect(requestHandler.inFlight()).toBe(0);
});

it.each<[call: string, prepare: (client: RDSClient) => void, options: object, gaveUpAfter: number]>([
  ['call', () => {}, {}, 10_000],
  ['call that is handed over', handOver, {}, 10_000],
  ['call with a limit of its own', () => {}, { requestTimeout: 20_000 }, 20_000],
  ['call that is handed over with a limit of its own', handOver, { requestTimeout: 20_000 }, 20_000],
])('goes on with a %s that its client has given up', async (_call, prepare, options, gaveUpAfter) => {
  const time = new VirtualClock();
  const started = time.now();
  const { requestHandler } = createEndpoint({
    clock: time,
    services: [
      { name: 'rds', operations: { SwitchoverBlueGreenDeployment: () => ({ processed: ++processed }) } },
    ],
    intercept: () => ({ before: { delayMs: 60_000 } }),
    patience: { clock: time, requestTimeoutMs: 10_000 },
  });
  const client = new RDSClient({ ...account, requestHandler, maxAttempts: 1 });
  prepare(client);
  const ended = client.send(switchover, options).catch((error: Error) => ({ ...error, at: time.now() }));
  expect(await time.run(ended)).toMatchObject({ name: 'TimeoutError', at: started + gaveUpAfter });
  expect(processed).toBe(0);
  await time.run(time.sleep(60_000));
  expect(processed).toBe(1);
});
