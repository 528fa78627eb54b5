import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyLedger } from '../../commands/evidence/verify.ts';
import { kms } from '../../functions/aws/clients/kms.ts';
import { without } from '../../packages/local-aws/iam/access.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { rehearse, requestFor, settle } from '../on-copy/stage.ts';
import { kinds } from '../simulation/databases.ts';
import { person } from '../simulation/person.ts';
import { statementsOf } from '../simulation/rights.ts';
import { finish, requestOf, run, start } from '../simulation/run.ts';
import { functionNameOf, hour, type Stage, setStage } from '../simulation/stage.ts';

let stage: Stage;
beforeEach(async () => {
  // S3 and its signatures are of the SDK itself: every call is written, signed and parsed.
  stage = await setStage(kinds.postgres, { directCalls: false });
});
afterEach(() => stage.close());

async function keep(event: object): Promise<string[]> {
  const { account, clock } = stage;
  const result = await clock.run(account.lambda.invoke(functionNameOf('keepEvidence'), event));
  if (!('payload' in result)) throw new Error(JSON.stringify(result.error));
  return (result.payload as { kept: string[] }).kept;
}

const endOf = (executionArn: string) => ({ source: 'aws.states', detail: { executionArn } });
const hourly = () => ({ source: 'aws.events', time: new Date(stage.clock.now()).toISOString() });

/** What stands in the bucket, verified as an auditor does it. */
async function readLedger() {
  const { evidence } = stage.account;
  const { PublicKey } = await stage.clock.run(kms().send(new GetPublicKeyCommand({ KeyId: evidence.key })));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const files = [...evidence.s3.objects(evidence.bucket)].map(([name, bytes]) => ({
    name,
    bytes: Buffer.from(bytes),
  }));
  const { entries, problems } = verifyLedger(files, key);
  expect(problems).toEqual([]);
  return entries.map(({ record }) => record);
}

it('writes one record of a run: request, decisions, states, and every changing call with its request id', async () => {
  person({ answer: 'approve' })(stage);
  const { executionArn } = await run(stage, { approval: { required: true }, ticket: 'CHG-7' });
  expect(await keep(endOf(executionArn))).toEqual(['records/9999999998.jsonl']);
  expect(await keep(endOf(executionArn))).toEqual([]);
  expect(await keep(hourly())).toEqual([]);

  const [record, ...more] = await readLedger();
  expect(more).toEqual([]);
  expect(record).toMatchObject({
    sequence: 1,
    previous: null,
    run: { executionArn, status: 'SUCCEEDED' },
    input: { database: 'orders', ticket: 'CHG-7' },
    outcome: { end: 'Green serves production' },
  });
  expect(record?.outcome?.decisions).toMatchObject([{ decision: 'approve', by: 'Bob Example' }]);
  expect(record?.states.map(({ name }) => name)).toContain('Start switchover');
  const accepted = stage.calls
    .filter(({ call, outcome }) => call.service === 'rds' && outcome.kind === 'answered')
    .filter(({ call }) => !call.operation.startsWith('Describe') && !call.operation.startsWith('List'))
    .map(({ call }) => call.requestId);
  expect(accepted.length).toBeGreaterThan(2);
  const recorded = record?.changes.map(({ requestId }) => requestId);
  expect(recorded).toEqual(expect.arrayContaining(accepted));
  expect(record?.changes.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
});

it('writes a record of a rehearsal on a copy: what was copied and deleted, and what was measured', async () => {
  const rehearsal = rehearse(stage, requestFor(kinds.postgres));
  await settle(stage, rehearsal);
  await keep(endOf(rehearsal));
  const [record, ...more] = await readLedger();
  expect(more).toEqual([]);
  expect(record).toMatchObject({
    run: { executionArn: rehearsal, status: 'SUCCEEDED' },
    input: { database: 'orders', rehearseOnCopy: {} },
    outcome: { end: 'Rehearsed on a copy: production was not touched' },
  });
  expect(record?.states.map(({ name }) => name)).toContain('Go back on the copy');
  const changed = record?.changes.map(({ call }) => call);
  expect(changed).toEqual(expect.arrayContaining(['RestoreDBInstanceToPointInTime', 'DeleteDBInstance']));
  // The run on the copy and going back there have records of their own; the hourly look finds all three.
  const others = (await keep(hourly())).length;
  expect(others).toBe(2);
});

it('tells no token, link or seal', async () => {
  person({ answer: 'approve' })(stage);
  const { executionArn } = await run(stage, { approval: { required: true } });
  await keep(endOf(executionArn));
  const text = JSON.stringify(await readLedger());
  const history = JSON.stringify(stage.account.states.getExecutionHistory(executionArn));
  const secrets = [...history.matchAll(/(?:taskToken|seal|decideCode|stopCode)\\*":\\*"([^"\\]{20,})/g)].map(
    ([, secret]) => secret as string,
  );
  expect(secrets.length).toBeGreaterThan(2);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

it('records a run that was stopped before it could say how it ended', async () => {
  const executionArn = start(stage, requestOf(stage.kind));
  await stage.clock.run(stage.clock.sleep(60_000));
  await stage.account.states.stopExecution(executionArn, 'Console', 'lunch');
  await finish(stage, executionArn);
  await keep(endOf(executionArn));
  const [record] = await readLedger();
  expect(record).toMatchObject({
    outcome: null,
    run: { status: 'ABORTED', error: 'Console', cause: 'lunch' },
  });
});

it('chains runs that end together, and finds ends whose event was lost', async () => {
  const arns = ['one', 'two', 'three'].map((name) =>
    start(stage, { ...requestOf(stage.kind), dryRun: true }, name),
  );
  for (const arn of arns) await finish(stage, arn);
  const [first = '', second = ''] = arns;
  await Promise.all([keep(endOf(first)), keep(endOf(second))]);
  await stage.clock.run(stage.clock.sleep(hour));
  expect(await keep(hourly())).toHaveLength(1);
  const records = await readLedger();
  expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(new Set(records.map(({ run: { executionArn } }) => executionArn))).toEqual(new Set(arns));
});

it('writes the record once where the function died between record and mark', async () => {
  const { executionArn } = await run(stage, { dryRun: true });
  stage.wireRules.push(({ operation }, input) =>
    operation === 'PutObject' && String((input as { Key?: string }).Key).startsWith('ends/')
      ? { before: { refuse: new AwsError('SlowDown', 'Please reduce your request rate.', 503) } }
      : undefined,
  );
  await expect(keep(endOf(executionArn))).rejects.toThrow();
  stage.wireRules.splice(0);
  await keep(endOf(executionArn));
  expect(await readLedger()).toHaveLength(1);
});

it('starts nothing for an execution of another machine', async () => {
  const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:other:1';
  expect(await keep(endOf(executionArn))).toEqual([]);
});

it('needs each statement of its role', async () => {
  const executionArn = start(stage, { ...requestOf(stage.kind), dryRun: true });
  await finish(stage, executionArn);
  await stage.clock.run(stage.clock.sleep(hour));
  const { access } = stage.account;
  const role = [...access.roles.values()].find(({ arn }) => arn.endsWith('/KeepEvidenceRole'));
  if (!role) throw new Error('the function has no role of its own');
  const own = statementsOf(role).filter((one) => !/"(logs:(Create|Put)|xray:)/.test(JSON.stringify(one)));
  expect(own.length).toBeGreaterThan(5);
  for (const statement of own) {
    access.replace(role.arn, without(role.policies, statement));
    await expect(keep(hourly()), JSON.stringify(statement)).rejects.toThrow();
  }
  access.replace(role.arn, role.policies);
  expect(await keep(hourly())).toHaveLength(1);
});
