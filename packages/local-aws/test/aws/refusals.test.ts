import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ApiError } from '../../wire/api.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { AwsError, type Service } from '../../wire/service.ts';
import { apiNamed, createCommand, type Dialect, dialects, directDialects } from './dialects.ts';
import { callByHand } from './raw-call.ts';
import { arbitraryOf } from './schema-values.ts';

/** For each API one operation that needs no input. */
const anyOperation: Record<string, string> = {
  rds: 'DescribeDBInstances',
  sns: 'ListTopics',
  states: 'ListStateMachines',
  kms: 'ListKeys',
  monitoring: 'DescribeAlarms',
  route53: 'ListHostedZones',
};

/** What the client throws when every call is refused with this error. */
async function hearRefusal(dialect: Dialect, error: Error): Promise<unknown> {
  const operation = anyOperation[dialect.api] ?? '';
  const refuse = () => {
    throw error;
  };
  const { requestHandler } = createEndpoint({
    services: [{ name: dialect.api, operations: { [operation]: refuse } }],
  });
  const client = dialect.createClient({ requestHandler, maxAttempts: 1 });
  return client.send(createCommand(dialect, operation, {})).catch((thrown: unknown) => thrown);
}

function classOf({ sdk }: Dialect, name: string): unknown {
  return (sdk as Record<string, unknown>)[name];
}

function rest({ message, Message, ...details }: Record<string, unknown>): Record<string, unknown> {
  return details;
}

/** CloudWatch has two classes for one Query code; there a client cannot tell them apart. */
function namesOfCode({ api }: Dialect, { name, queryCode }: ApiError): string[] {
  const { errors } = apiNamed(api);
  const alike = errors.filter((error) => error.queryCode === queryCode);
  return [name, ...alike.map((error) => error.name)];
}

async function expectHeard(dialect: Dialect, modelled: ApiError, name: string): Promise<void> {
  const refusals = fc.asyncProperty(arbitraryOf(modelled.schema), async (members) => {
    const details = rest(members as Record<string, unknown>);
    const heard = await hearRefusal(dialect, new AwsError(name, 'seen & <told>', undefined, details));
    const named = (heard as Error).name;
    expect(namesOfCode(dialect, modelled)).toContain(named);
    expect(heard).toBeInstanceOf(classOf(dialect, named));
    expect(heard).toMatchObject({
      ...details,
      message: 'seen & <told>',
      $fault: modelled.fault,
      $metadata: { httpStatusCode: modelled.status, attempts: 1, requestId: expect.any(String) },
    });
  });
  await fc.assert(refusals, { numRuns: 3, seed: 20_260_101 });
}

describe.each([...dialects, ...directDialects])('$api in $protocol', (dialect) => {
  const modelled = [...apiNamed(dialect.api).errors];

  it.each(modelled)('refuses with $name', async (error) => {
    await expectHeard(dialect, error, error.name);
    await expectHeard(dialect, error, error.queryCode);
  });

  it('refuses with a code that the API does not model', async () => {
    const heard = await hearRefusal(dialect, new AwsError('SomethingElse', 'not in the model'));
    expect(heard).toMatchObject({
      name: 'SomethingElse',
      message: 'not in the model',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('answers 500 and complains aloud when the service itself breaks', async () => {
    const complaint = vi.spyOn(console, 'error').mockReturnValue();
    const defect = new RangeError('a defect');
    const heard = await hearRefusal(dialect, defect);
    expect(heard).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    expect(heard).not.toMatchObject({ message: expect.stringContaining('a defect') });
    expect(complaint).toHaveBeenCalledWith(expect.stringContaining(anyOperation[dialect.api] ?? ''), defect);
    complaint.mockRestore();
  });

  it('answers 500 when the service answers what its schema does not allow', async () => {
    const complaint = vi.spyOn(console, 'error').mockReturnValue();
    const operation = anyOperation[dialect.api] ?? '';
    const [list] = [...(apiNamed(dialect.api).operations.get(operation)?.output.structIterator() ?? [])]
      .filter(([, member]) => member.isListSchema())
      .map(([name]) => name);
    const service: Service = {
      name: dialect.api,
      operations: { [operation]: () => ({ [`${list}`]: 'text' }) },
    };
    const { requestHandler } = createEndpoint({ services: [service] });
    const client = dialect.createClient({ requestHandler, maxAttempts: 1 });
    await expect(client.send(createCommand(dialect, operation, {}))).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    expect(complaint).toHaveBeenCalled();
    complaint.mockRestore();
  });

  it('says so when an operation is not part of it', async () => {
    const { requestHandler } = createEndpoint({ services: [] });
    const client = dialect.createClient({ requestHandler });
    const operation = anyOperation[dialect.api] ?? '';
    await expect(client.send(createCommand(dialect, operation, {}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(operation),
      $metadata: { httpStatusCode: 501, attempts: 1 },
    });
  });
});

describe('RDS codes on the wire', () => {
  it.each([
    ['DBInstanceNotFoundFault', 'DBInstanceNotFound', 404],
    ['DBInstanceAlreadyExistsFault', 'DBInstanceAlreadyExists', 400],
    ['InvalidDBInstanceStateFault', 'InvalidDBInstanceState', 400],
    ['InstanceQuotaExceededFault', 'InstanceQuotaExceeded', 400],
    ['StorageQuotaExceededFault', 'StorageQuotaExceeded', 400],
    ['SnapshotQuotaExceededFault', 'SnapshotQuotaExceeded', 400],
    ['DBSnapshotNotFoundFault', 'DBSnapshotNotFound', 404],
    ['DBSnapshotAlreadyExistsFault', 'DBSnapshotAlreadyExists', 400],
    ['InvalidDBSnapshotStateFault', 'InvalidDBSnapshotState', 400],
    ['DBParameterGroupNotFoundFault', 'DBParameterGroupNotFound', 404],
    ['DBClusterParameterGroupNotFoundFault', 'DBClusterParameterGroupNotFound', 404],
    ['InsufficientDBInstanceCapacityFault', 'InsufficientDBInstanceCapacity', 400],
    ['DBClusterNotFoundFault', 'DBClusterNotFoundFault', 404],
    ['DBClusterQuotaExceededFault', 'DBClusterQuotaExceededFault', 403],
    ['InsufficientDBClusterCapacityFault', 'InsufficientDBClusterCapacityFault', 403],
    ['InvalidDBClusterStateFault', 'InvalidDBClusterStateFault', 400],
    ['BlueGreenDeploymentNotFoundFault', 'BlueGreenDeploymentNotFoundFault', 404],
    ['BlueGreenDeploymentAlreadyExistsFault', 'BlueGreenDeploymentAlreadyExistsFault', 400],
    ['InvalidBlueGreenDeploymentStateFault', 'InvalidBlueGreenDeploymentStateFault', 400],
    ['SourceDatabaseNotSupportedFault', 'SourceDatabaseNotSupportedFault', 400],
    ['InvalidParameterCombination', 'InvalidParameterCombination', 400],
    ['AccessDenied', 'AccessDenied', 403],
  ])('%s is written %s with status %i', async (name, code, status) => {
    const refuse = () => {
      throw new AwsError(name, 'no');
    };
    const answer = await callByHand([{ name: 'rds', operations: { DescribeDBInstances: refuse } }], {
      body: 'Action=DescribeDBInstances&Version=2014-10-31',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      signedFor: 'rds',
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Type>Sender</Type><Code>${code}</Code><Message>no</Message>`);
  });
});
