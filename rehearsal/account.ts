import { readFile } from 'node:fs/promises';
import { type FunctionKey, functionKeys, functionSpecs } from '../deploy/functions.ts';
import { tasksOf } from '../deploy/machine.ts';
import { type MachineFile, machineFiles, machines } from '../deploy/machines.ts';
import { aliasName, functionLogGroup, functionName, machineName } from '../deploy/names.ts';
import { changeLogs } from '../deploy/stack.ts';
import { configureClients } from '../functions/aws/clients/settings.ts';
import { limits } from '../functions/domain/model/limits.ts';
import { useClock } from '../functions/runtime/clock.ts';
import type { Variable } from '../functions/runtime/env.ts';
import type { LocalClock } from '../packages/local-aws/clock.ts';
import { ControlPlane, type ControlPlaneOptions } from '../packages/local-aws/rds/control-plane.ts';
import { rdsMetrics } from '../packages/local-aws/rds/metrics.ts';
import { CloudWatchService } from '../packages/local-aws/services/cloudwatch.ts';
import { createKmsService, KmsKeys } from '../packages/local-aws/services/kms.ts';
import {
  type Invocation,
  type LambdaHandler,
  type LambdaOptions,
  LambdaService,
} from '../packages/local-aws/services/lambda.ts';
import { isBrokenOff } from '../packages/local-aws/services/lambda-run.ts';
import { serveLambda } from '../packages/local-aws/services/lambda-service.ts';
import { LogsService } from '../packages/local-aws/services/logs.ts';
import { createRdsService } from '../packages/local-aws/services/rds.ts';
import { Route53Service } from '../packages/local-aws/services/route53.ts';
import { S3Service } from '../packages/local-aws/services/s3.ts';
import { SecretsService } from '../packages/local-aws/services/secrets.ts';
import { sfnService } from '../packages/local-aws/services/sfn.ts';
import { SigningKeys } from '../packages/local-aws/services/signing-keys.ts';
import { SnsService } from '../packages/local-aws/services/sns.ts';
import { createStsService } from '../packages/local-aws/services/sts.ts';
import { StatesEngine } from '../packages/local-aws/states/engine.ts';
import { ClockedRetries } from '../packages/local-aws/wire/clocked-retries.ts';
import { directClient } from '../packages/local-aws/wire/direct-client.ts';
import {
  createEndpoint,
  type DispatchOptions,
  type Endpoint,
  type HttpServer,
} from '../packages/local-aws/wire/endpoint.ts';
import { FunctionCalls } from '../packages/local-aws/wire/function-calls.ts';
import { reachOtherHosts } from '../packages/local-aws/wire/other-hosts.ts';
import { accessKeyOfSandbox } from '../packages/local-aws/wire/sandbox.ts';
import { AccountAccess } from './access.ts';
import { apiRoutes } from './http-api.ts';
import { accessKeyOf, functionOf, isFunctionKey, roleArnOf, StackRoles } from './roles.ts';

const accountId = '111122223333';
const region = 'eu-west-1';
/** Functions sign with the keys of their roles, and what is called outside of every function with this one; people and tests have their own. */
const nobodysKey = 'ASIAREHEARSAL0000000';
/** Keys of the account for histories and for messages: nothing is encrypted here, but who may use them is asked. */
const keyArn = (name: string) => `arn:aws:kms:${region}:${accountId}:key/${name}`;
/** Stands before the names of functions and state machines, as the stage does where they are deployed. */
export const prefix = 'viridian-rehearsal';

export interface AccountOptions
  extends Omit<ControlPlaneOptions, 'account' | 'region'>,
    Pick<DispatchOptions, 'onCall' | 'intercept'> {
  clock: LocalClock;
  /** How long clients wait for an answer at least, in milliseconds of the run's time; by default as they are deployed. */
  requestTimeoutMs?: number;
  /** Functions may take so many times their timeout, by default once. */
  functionPatience?: number;
  /** Record of a zone that is made for it, by which production may go back; without one the account has none. */
  record?: { zone: string; name: string };
  lambda?: Pick<LambdaOptions, 'onInvoke' | 'intercept' | 'latency'>;
  /** What entering a state takes, in milliseconds of the clock; by default nothing. */
  transitionMs?: number;
  /** Clients of the functions go where `AWS_ENDPOINT_URL_SFN` and its like lead; otherwise every call is answered here. */
  reachesOtherHosts?: boolean;
  /** Hands calls of the functions over as they are instead of writing, signing and parsing them; for functions of this process alone. */
  directCalls?: boolean;
}

/** Name of the bucket of records. */
const evidenceBucket = `${prefix}-evidence`;

const encryptionKeys = { machineKey: keyArn('machine'), topicKey: keyArn('messages') };

/** One AWS account on this machine: its services, with our functions and our state machine in them. */
export interface Account {
  rds: ControlPlane;
  cloudWatch: CloudWatchService;
  sns: SnsService;
  lambda: LambdaService;
  states: StatesEngine;
  route53: Route53Service;
  secrets: SecretsService;
  /** Where records of runs are kept, and the key that signs them. */
  evidence: { bucket: string; key: string; s3: S3Service };
  /** Keeps a line that a function has written, in the log of the function that writes now. */
  keepLine(line: string): void;
  /** The zone of the record, and its name. */
  record: { hostedZoneId: string; recordName: string } | undefined;
  endpoint: Endpoint;
  /** What our functions asked of AWS, readings left out. */
  functionCalls: FunctionCalls['calls'];
  /** The roles of functions and state machines, and what was asked of them. */
  access: AccountAccess;
  /** Invocations that ended in a crash or ran out of time. */
  brokenOff: Invocation[];
  topics: { announcements: string; approvals: string };
  /** The alias that starts use. */
  stateMachineArn: string;
  /** The state machine that goes back. */
  rollBackMachineArn: string;
  /** The text of the state machine file, byte for byte. */
  definition: string;
  /** Serves the endpoint and the approval page on a port; links in messages lead there from then on. */
  listen(port: number): Promise<HttpServer>;
  /** Stops what goes on by itself and gives clock and clients of this process back. */
  close(): void;
}

/** Sets clock, clients and environment of this process: there is one account at a time. */
export async function openAccount(options: AccountOptions): Promise<Account> {
  const { clock } = options;
  useClock(clock);
  const rds = new ControlPlane({ ...options, account: accountId, region });
  const cloudWatch = new CloudWatchService({ clock, sources: [rdsMetrics(rds)], account: accountId, region });
  const sns = new SnsService({ clock, account: accountId, region });
  const route53 = new Route53Service({ clock });
  const record = options.record && {
    hostedZoneId: route53.addZone(options.record.zone),
    recordName: options.record.name,
  };
  const keys = new KmsKeys({ clock, region, accountId });
  const brokenOff: Invocation[] = [];
  const lambda = new LambdaService({
    clock,
    region,
    accountId,
    ...options.lambda,
    onInvoke(invocation) {
      if (isBrokenOff(invocation.result)) brokenOff.push(invocation);
      options.lambda?.onInvoke?.(invocation);
    },
  });
  const states: StatesEngine = new StatesEngine({
    clock,
    accountId,
    region,
    allow: (roleArn, call, input) => access.allow(roleArn, call, input),
    invoke: (name, payload) => lambda.invoke(name, payload),
    dryRun: (name) => lambda.dryRun(name),
    ...(options.transitionMs !== undefined && { transitionMs: options.transitionMs }),
    ...(options.random && { random: options.random }),
  });
  const functionCalls = new FunctionCalls(isFunctionKey);
  const signing = new SigningKeys({ region, accountId });
  const s3 = new S3Service({ clock });
  const logs = new LogsService({ clock });
  const secrets = new SecretsService({ clock, region, account: accountId });
  const access = new AccountAccess({
    rds,
    keys,
    lambda,
    states,
    secrets,
    place: { region, accountId },
    ...encryptionKeys,
  });
  const callerOf = (key: string) => ({
    accountId,
    arn: access.sessionOf(key) ?? `arn:aws:iam::${accountId}:user/${key}`,
  });
  const endpoint = createEndpoint({
    clock,
    services: [
      createRdsService(rds),
      cloudWatch,
      sns,
      createKmsService(keys, signing),
      s3,
      logs,
      serveLambda(lambda),
      sfnService(states),
      route53,
      secrets,
      createStsService(callerOf),
    ],
    patience: {
      clock,
      requestTimeoutMs: 1_000 * limits.aws.request,
      ...(options.requestTimeoutMs && { leastMs: options.requestTimeoutMs }),
    },
    clientKey: nobodysKey,
    authorize: (call, input) => access.check(call, input),
    onCall(record) {
      functionCalls.end(record);
      options.onCall?.(record);
    },
    intercept(call, input) {
      functionCalls.begin(clock.now(), call, input);
      return options.intercept?.(call, input);
    },
    routes: apiRoutes({
      invoke: (name, payload) => lambda.invoke(name, payload),
      accountId,
      pageFunction: functionName(prefix, 'approvalPage'),
      decideWithIamFunction: functionName(prefix, 'decideWithIam'),
      runPagesFunction: functionName(prefix, 'runPages'),
    }),
  });
  const { requestHandler } = endpoint;
  const clients = {
    region,
    requestHandler: options.reachesOtherHosts ? reachOtherHosts(requestHandler) : requestHandler,
    retryStrategy: new ClockedRetries(clock, 3),
    credentials: { accessKeyId: nobodysKey, secretAccessKey: 'rehearsal' },
  };
  configureClients(options.directCalls ? { ...clients, ...directClient } : clients);
  const topics = {
    announcements: createTopic(sns, 'announcements'),
    approvals: createTopic(sns, 'approvals'),
  };
  const { arns, aliasArn } = await registerMachines(states);
  const seals = {
    LinkKey: keys.create('HMAC_256', 'links').Arn,
    DecisionKey: keys.create('HMAC_256', 'decisions').Arn,
  };
  s3.createBucket(evidenceBucket);
  for (const key of functionKeys) logs.createGroup(functionLogGroup(prefix, key));
  const evidenceKey = signing.create();
  access.giveRoles(
    new StackRoles({
      prefix,
      region,
      accountId,
      arns: {
        Announcements: topics.announcements,
        Approvals: topics.approvals,
        MachineKey: encryptionKeys.machineKey,
        MessagesKey: encryptionKeys.topicKey,
        Evidence: `arn:aws:s3:::${evidenceBucket}`,
        EvidenceKey: evidenceKey,
        ...seals,
      },
      wayBackRecords: record ? [{ hostedZoneId: record.hostedZoneId, names: [record.recordName] }] : [],
    }),
  );
  setEnvironment({
    ANNOUNCEMENTS_TOPIC_ARN: topics.announcements,
    APPROVALS_TOPIC_ARN: topics.approvals,
    ARTEFACT_DIGEST: 'not packaged',
    CHANGE_LOGS: changeLogs(prefix),
    EVIDENCE_BUCKET: evidenceBucket,
    EVIDENCE_KEY_ARN: evidenceKey,
    LINK_KEY_ID: seals.LinkKey,
    DECISION_KEY_ID: seals.DecisionKey,
    PAGE_URL: pageUrl('http://127.0.0.1'),
    RUNBOOK: 'https://runbook.example',
    DECIDE_FUNCTION: functionName(prefix, 'decide'),
    MARK_DATABASES_FUNCTION: versionOf(functionName(prefix, 'markDatabases')),
    SQL_MYSQL_FUNCTION: versionOf(functionName(prefix, 'sqlMysql')),
    SQL_POSTGRES_FUNCTION: versionOf(functionName(prefix, 'sqlPostgres')),
    ...Object.fromEntries(machineFiles.map((file) => [machines[file].variable, arns[file]])),
    DATABASES: 'all',
    UNAPPROVED_RUNS: 'allowed',
    WAY_BACK_RECORDS: record ? `${record.hostedZoneId}/${record.recordName}` : 'none',
  });
  await registerFunctions(lambda, options.functionPatience ?? 1);
  routeEvents(rds, cloudWatch, lambda);
  return {
    rds,
    cloudWatch,
    sns,
    lambda,
    states,
    route53,
    secrets,
    evidence: { bucket: evidenceBucket, key: evidenceKey, s3 },
    record,
    endpoint,
    functionCalls: functionCalls.calls,
    access,
    brokenOff,
    topics,
    stateMachineArn: aliasArn,
    rollBackMachineArn: arns['roll-back'],
    definition: await readDefinition('blue-green-deployment'),
    keepLine(line) {
      const key = functionOf(accessKeyOfSandbox());
      if (key) logs.write(functionLogGroup(prefix, key), line);
    },
    async listen(port) {
      const server = await endpoint.listen(port);
      process.env.PAGE_URL = pageUrl(server.url);
      return server;
    },
    close() {
      rds.stop();
      configureClients(undefined);
      useClock(undefined);
    },
  };
}

/** Deployed, machines and functions call each other by version. */
const versionOf = (name: string) => `${name}:1`;

const pageUrl = (origin: string) => `${origin}/approval`;

function createTopic(sns: SnsService, name: string): string {
  const create = sns.operations.CreateTopic as (input: { Name: string }) => { TopicArn: string };
  const { TopicArn } = create({ Name: `${prefix}-${name}` });
  // A queue needs no confirmation; without a confirmed subscription no approval is asked.
  const subscribe = sns.operations.Subscribe as (input: Record<string, string>) => unknown;
  subscribe({ TopicArn, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${accountId}:${prefix}-${name}` });
  return TopicArn;
}

/** Those that are started come first, so that their ARN can stand in the text of those that start them. */
async function registerMachines(states: StatesEngine) {
  const arns = {} as Record<MachineFile, string>;
  for (const file of machineFiles.toReversed()) {
    const started = machines[file].starts.map(({ machine, placeholder }) => [placeholder, arns[machine]]);
    arns[file] = await registerMachine(states, file, Object.fromEntries(started));
  }
  const alias = (file: MachineFile) =>
    states.machines.pointAlias(aliasName, states.machines.publishVersion(arns[file]));
  alias('roll-back');
  return { arns, aliasArn: alias('blue-green-deployment') };
}

const readDefinition = (file: MachineFile) =>
  readFile(new URL(`../statemachine/${file}.asl.json`, import.meta.url), 'utf8');

/** @returns its ARN */
async function registerMachine(
  states: StatesEngine,
  file: MachineFile,
  substitutions: Record<string, string>,
): Promise<string> {
  const definition = await readDefinition(file);
  const functions = tasksOf(definition).map((key) => [key, versionOf(functionName(prefix, key))] as const);
  const { stateMachineArn } = states.registerStateMachine({
    name: machineName(prefix, file),
    roleArn: roleArnOf(accountId, prefix, file),
    definition,
    substitutions: { partition: 'aws', ...substitutions, ...Object.fromEntries(functions) },
  });
  return stateMachineArn;
}

function setEnvironment(variables: Partial<Record<Variable, string>>): void {
  Object.assign(process.env, variables);
}

async function registerFunctions(lambda: LambdaService, patience: number): Promise<void> {
  const register = async (key: FunctionKey) => {
    const { source, timeoutSeconds } = functionSpecs[key];
    const { handler } = (await import(/* @vite-ignore */ `../functions/${source}`)) as {
      handler: LambdaHandler;
    };
    lambda.register(functionName(prefix, key), handler, {
      timeoutSeconds: timeoutSeconds * patience,
      accessKeyId: accessKeyOf(key),
    });
  };
  await Promise.all(functionKeys.map(register));
}

/** The rules of EventBridge, as the stack has them. */
function routeEvents(rds: ControlPlane, cloudWatch: CloudWatchService, lambda: LambdaService): void {
  const wake = (event: unknown) => lambda.invokeLater(functionName(prefix, 'wakeRun'), event);
  rds.onEvent((event) => {
    if (event['detail-type'] === 'RDS Blue Green Deployment Event') wake(event);
  });
  cloudWatch.onAlarm(wake);
}
