import { setTimeout as pause } from 'node:timers/promises';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmSubscription } from '../../commands/confirm-subscription.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../packages/local-aws/rds/world/parameter-groups.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import type { HttpServer } from '../../packages/local-aws/wire/endpoint.ts';
import { type Account, openAccount } from '../../rehearsal/account.ts';
import { answerQuestion, type Question, readQuestion } from '../../rehearsal/approver.ts';
import { arnOf, signedPost } from '../approval/signer.ts';
import { FakeDatabases } from '../way-back/fakes/databases.ts';
import { PackagedFunction } from './packaged-function.ts';
import { sharedBuild } from './shared-build.ts';

/** Slow enough for a busy machine: the 12 s of a look are more than half a second here. */
const clock = new ScaledClock(20);
const second = 1_000;

let account: Account;
let server: HttpServer;
/** No database is behind the simulated ones: what speaks SQL is answered for. */
const plane = new SimulatedDataPlane(clock);
const databases = new FakeDatabases(plane);
const functions = new Map<FunctionKey, PackagedFunction>();

beforeAll(async () => {
  const build = await sharedBuild();
  account = await openAccount({
    clock,
    dataPlane: plane,
    timings: {
      provisioningStart: 5 * second,
      createReplica: 10 * second,
      upgradeEngine: 10 * second,
      configureBackups: 5 * second,
      settleMembers: 10 * second,
      guardrails: 2 * second,
      finishSwitchover: 5 * second,
      deleteDeployment: 5 * second,
      snapshot: 10 * second,
      deleteDatabase: 10 * second,
    },
  });
  for (const major of [15, 17])
    addParameterGroup(account.rds, {
      name: `logical${major}`,
      family: `postgres${major}`,
      parameters: { 'rds.logical_replication': '1' },
    });
  server = await account.listen(0);
  await subscribe(account.topics.approvals, 'dba@example.com');
  for (const key of functionKeys) {
    const packaged = new PackagedFunction(build.bundle(key), clock, environment);
    functions.set(key, packaged);
    account.lambda.register(`viridian-rehearsal-${key}`, (event) => packaged.invoke(event), {
      timeoutSeconds: functionSpecs[key].timeoutSeconds,
    });
  }
  databases.registerIn(account.lambda, functionSpecs.sqlPostgres.timeoutSeconds);
  await Promise.all([...functions.values()].map((packaged) => packaged.load()));
}, 300_000);

afterAll(async () => {
  await Promise.all([...functions.values()].map((packaged) => packaged.stop()));
  await server?.close();
  account?.close();
});

/** What Lambda gives to a function, with the endpoint in place of AWS. */
function environment(): NodeJS.ProcessEnv {
  const names = new Set(functionKeys.flatMap((key) => functionSpecs[key].environment ?? []));
  return {
    ...Object.fromEntries([...names].map((name) => [name, process.env[name]])),
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAPACKAGED00000000',
    AWS_SECRET_ACCESS_KEY: 'packaged',
  };
}

/** Somebody hears the questions: without a confirmed subscription none is asked. */
async function subscribe(topicArn: string, address: string): Promise<void> {
  const { requestHandler } = account.endpoint;
  const credentials = { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'packaged' };
  const client = new SNSClient({ region: 'eu-west-1', requestHandler, credentials });
  await client.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: address }));
  const token = account.sns.confirmationToken(topicArn, address) ?? '';
  await confirmSubscription(client, { topicArn, token });
}

/** A person tries again when the page says "later", as it does between two ticks of the wait, and does not answer in time on a busy machine. */
async function answerPatiently(
  question: Question,
  decision: 'approve' | 'reject',
  tries = 200,
): Promise<void> {
  try {
    await answerQuestion(question, decision);
  } catch (error) {
    if (tries === 0) throw error;
    await pause(500);
    await answerPatiently(question, decision, tries - 1);
  }
}

/** Upgrades a database of its own and gives the name of the state in which the run ended. */
async function upgrade(database: string, decision: 'approve' | 'reject', more: object = {}): Promise<string> {
  await addInstance(account.rds, {
    DBInstanceIdentifier: database,
    EngineVersion: '15.18',
    parameterGroup: 'logical15',
    // One of them has a green that can be failed over.
    MultiAZ: decision === 'reject',
  });
  // Going back is asked about as well, by a link of its own.
  const answered = new Set<string>();
  account.sns.onMessage((message) => {
    const question = readQuestion(message);
    if (!question || answered.has(question.link) || !message.message.includes(database)) return;
    answered.add(question.link);
    void answerPatiently(question, decision);
  });
  const { executionArn } = account.states.startExecution({
    stateMachineArn: account.stateMachineArn,
    input: JSON.stringify({
      database,
      target: { engineVersion: '17.10', parameterGroup: 'logical17' },
      lag: { withinMinutes: 5 },
      bake: { minutes: 1 },
      oldBlue: { deleteAfterDays: 0 },
      ...more,
    }),
  });
  if ('wayBack' in more) await goBackFromBake(executionArn);
  await account.states.settled(executionArn);
  const entered = account.states
    .getExecutionHistory(executionArn)
    .map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name)
    .filter((name) => name !== undefined);
  const { cause } = account.states.describeExecution(executionArn);
  return `${entered.at(-1)}${cause ? `: ${cause}` : ''}`;
}

/** Starts going back, as a person does, once the run bakes. */
async function goBackFromBake(executionArn: string): Promise<void> {
  const entered = () =>
    account.states
      .getExecutionHistory(executionArn)
      .some(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === 'Bake');
  const isOpen = () => account.states.describeExecution(executionArn).status === 'RUNNING';
  while (isOpen() && !entered()) await clock.sleep(5 * second);
  if (!isOpen()) return;
  const input = JSON.stringify({ executionArn });
  account.states.startExecution({ stateMachineArn: account.rollBackMachineArn, input });
}

const invoke = (key: FunctionKey, event: unknown) => functions.get(key)?.invoke(event);

/** What a request adds to have a way back, and a consumer that goes both ways. */
const undoable = {
  wayBack: { login: {}, applicationRoles: ['app'] },
  bake: { minutes: 10 },
  consumers: ['cdc'],
};

describe('the packaged functions', () => {
  let runs: Promise<[approved: string, rejected: string, wentBack: string]>;
  beforeAll(() => {
    runs = Promise.all([
      upgrade('orders', 'approve'),
      upgrade('billing', 'reject'),
      upgrade('shipping', 'approve', undoable),
    ]);
  });

  it('run an upgrade from its request to the deletion of old blue', async () => {
    expect((await runs)[0]).toBe('Green serves production');
  }, 240_000);

  it('stop before the switchover and remove green when a person says no', async () => {
    expect((await runs)[1]).toContain('Stopped before switchover: blue serves production');
    expect(account.rds.world.deployments.filter(({ name }) => name.includes('billing'))).toEqual([]);
  }, 240_000);

  it('go back from a run that bakes', async () => {
    expect((await runs)[2]).toContain('Went back: blue serves production');
    expect(databases.leftovers()).toEqual([]);
  }, 240_000);

  it.each([
    'stayOnNewProduction',
    'waitForADecision',
    'announce',
    'makeTheRollbackTarget',
    'waitForTheRollbackTarget',
    'fenceTheRollbackTarget',
    'removeTheRollbackTarget',
    'stateTheLoss',
    'waitForTheDnsTtl',
    'countChangesAfterTheCut',
    'makeTheCopy',
    'waitForTheRunOnTheCopy',
    'removeTheCopy',
    'leadReadsToGreen',
    'watchTheReads',
    'changeMembersOfGreen',
  ] as const)('%s refuses to act without a run', async (key) => {
    await expect(invoke(key, {})).rejects.toMatchObject({ name: 'BlueGreen.UnexpectedState' });
  });

  it('answer no question about databases that they do not know', async () => {
    for (const key of ['sqlPostgres', 'sqlMysql'] as const)
      await expect(invoke(key, { ask: 'drop' })).rejects.toMatchObject({ name: 'TypeError' });
  });

  it('keep the record of a run, over the wire', async () => {
    const [executionArn] = account.states
      .listExecutions(process.env.STATE_MACHINE_ARN ?? '')
      .map(({ order }) => order.arn);
    const event = { source: 'aws.states', detail: { executionArn } };
    expect(await invoke('keepEvidence', event)).toEqual({ kept: ['records/9999999998.jsonl'] });
    const { s3, bucket } = account.evidence;
    const file = s3.objects(bucket).get('records/9999999998.jsonl');
    expect(Buffer.from(file ?? []).toString()).toContain(`"executionArn":"${executionArn}"`);
  });

  it('say nothing at the hourly look when all is well', async () => {
    const event = { source: 'aws.events', time: new Date(clock.now()).toISOString() };
    expect(await invoke('reconcile', event)).toEqual({ reported: [] });
  });

  it('answer a caller whom IAM knows and who asks about a run that is over', async () => {
    const executions = account.states.listExecutions(process.env.STATE_MACHINE_ARN ?? '');
    const execution = executions[0]?.order.arn;
    const body = JSON.stringify({ execution, group: 'approvers', act: { kind: 'show' } });
    const { headers } = await signedPost('ops', body, clock.now());
    const requestContext = { http: { method: 'POST' }, authorizer: { iam: { userArn: arnOf('ops') } } };
    const answer = await invoke('decideWithIam', { headers, requestContext, body });
    expect(answer).toMatchObject({ statusCode: 200 });
  });

  it('show the page of a run to a caller whom the API has let through', async () => {
    const executions = account.states.listExecutions(process.env.STATE_MACHINE_ARN ?? '');
    const name = executions[0]?.order.arn.split(':').at(-1) ?? '';
    const requestContext = { http: { method: 'GET' }, authorizer: { iam: { userArn: arnOf('ops') } } };
    const answer = await invoke('runPages', { requestContext, pathParameters: { name } });
    expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining(name) });
  });

  it('have all been loaded from their files and invoked', () => {
    const idle = functionKeys.filter((key) => !functions.get(key)?.invocations);
    expect(idle).toEqual([]);
  });
});
