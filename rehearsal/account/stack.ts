import { functionKeys } from '../../deploy/functions.ts';
import { machineFiles, machines } from '../../deploy/machines.ts';
import { functionLogGroup, functionName } from '../../deploy/names.ts';
import { changeLogs } from '../../deploy/stack.ts';
import type { Variable } from '../../functions/runtime/env.ts';
import type { SnsService } from '../../packages/local-aws/services/sns.ts';
import { StackRoles } from '../roles.ts';
import { registerFunctions, routeEvents } from './functions.ts';
import { registerMachines } from './machines.ts';
import {
  copySecurityGroup,
  encryptionKeys,
  evidenceBucket,
  loadBucket,
  loadFile,
  pageUrl,
  place,
  prefix,
  versionOf,
} from './place.ts';
import type { AccountServices } from './services.ts';

/** A record of Route 53 that the stack may change. */
export interface StackRecord {
  hostedZoneId: string;
  recordName: string;
}

/** By which production may go back, and by which readers come. */
export interface StackRecords {
  record: StackRecord | undefined;
  readsRecord: StackRecord | undefined;
}

/** What the stack has made. */
export interface Stack {
  topics: { announcements: string; approvals: string };
  arns: Awaited<ReturnType<typeof registerMachines>>['arns'];
  /** The alias that starts use. */
  aliasArn: string;
  /** The key that signs records. */
  evidenceKey: string;
}

/** Makes in the account what is deployed: topics, keys, machines, roles, functions with their environment, and rules of events. */
export async function deployStack(
  services: AccountServices,
  records: StackRecords,
  functionPatience = 1,
): Promise<Stack> {
  const { sns, keys, signing, s3, logs, access, lambda, states } = services;
  const topics = {
    announcements: createTopic(sns, 'announcements'),
    approvals: createTopic(sns, 'approvals'),
  };
  const { arns, aliasArn } = await registerMachines(states);
  const seals = {
    LinkKey: keys.create('HMAC_256', 'links').Arn,
    DecisionKey: keys.create('HMAC_256', 'decisions').Arn,
    RehearsalKey: keys.create('HMAC_256', 'runs on copies').Arn,
  };
  s3.createBucket(evidenceBucket);
  s3.createBucket(loadBucket);
  for (const key of functionKeys) logs.createGroup(functionLogGroup(prefix, key));
  const stack: Stack = { topics, arns, aliasArn, evidenceKey: signing.create() };
  access.giveRoles(rolesOf(stack, seals, records));
  Object.assign(process.env, environmentOf(stack, seals, records));
  await registerFunctions(lambda, functionPatience);
  routeEvents(services);
  return stack;
}

type Seals = Record<'LinkKey' | 'DecisionKey' | 'RehearsalKey', string>;

function rolesOf(
  { topics, evidenceKey }: Stack,
  seals: Seals,
  { record, readsRecord }: StackRecords,
): StackRoles {
  return new StackRoles({
    ...place,
    prefix,
    arns: {
      Announcements: topics.announcements,
      Approvals: topics.approvals,
      MachineKey: encryptionKeys.machineKey,
      MessagesKey: encryptionKeys.topicKey,
      Evidence: `arn:aws:s3:::${evidenceBucket}`,
      EvidenceKey: evidenceKey,
      ...seals,
    },
    wayBackRecords: asZones(record),
    readRampRecords: asZones(readsRecord),
    loadStatements: [loadFile],
  });
}

const asZones = (record: StackRecord | undefined) =>
  record ? [{ hostedZoneId: record.hostedZoneId, names: [record.recordName] }] : [];

/** Of all functions: each reads only what it knows. */
function environmentOf(
  { topics, arns, evidenceKey }: Stack,
  seals: Seals,
  { record, readsRecord }: StackRecords,
): Partial<Record<Variable, string>> {
  return {
    ANNOUNCEMENTS_TOPIC_ARN: topics.announcements,
    APPROVALS_TOPIC_ARN: topics.approvals,
    ARTEFACT_DIGEST: 'not packaged',
    CHANGE_LOGS: changeLogs(prefix),
    EVIDENCE_BUCKET: evidenceBucket,
    EVIDENCE_KEY_ARN: evidenceKey,
    LINK_KEY_ID: seals.LinkKey,
    DECISION_KEY_ID: seals.DecisionKey,
    REHEARSAL_KEY_ID: seals.RehearsalKey,
    COPY_SECURITY_GROUP: copySecurityGroup,
    PAGE_URL: pageUrl('http://127.0.0.1'),
    RUNBOOK: 'https://runbook.example',
    DECIDE_FUNCTION: functionName(prefix, 'decide'),
    MARK_DATABASES_FUNCTION: versionOf(functionName(prefix, 'markDatabases')),
    SQL_MYSQL_FUNCTION: versionOf(functionName(prefix, 'sqlMysql')),
    SQL_POSTGRES_FUNCTION: versionOf(functionName(prefix, 'sqlPostgres')),
    ...Object.fromEntries(machineFiles.map((file) => [machines[file].variable, arns[file]])),
    DATABASES: 'all',
    UNAPPROVED_RUNS: 'allowed',
    LOAD_STATEMENTS: loadFile,
    READ_RAMP_RECORDS: asText(readsRecord),
    WAY_BACK_RECORDS: asText(record),
  };
}

const asText = (record: StackRecord | undefined) =>
  record ? `${record.hostedZoneId}/${record.recordName}` : 'none';

function createTopic(sns: SnsService, name: string): string {
  const create = sns.operations.CreateTopic as (input: { Name: string }) => { TopicArn: string };
  const { TopicArn } = create({ Name: `${prefix}-${name}` });
  // A queue needs no confirmation; without a confirmed subscription no approval is asked.
  const subscribe = sns.operations.Subscribe as (input: Record<string, string>) => unknown;
  subscribe({
    TopicArn,
    Protocol: 'sqs',
    Endpoint: `arn:aws:sqs:${place.region}:${place.accountId}:${prefix}-${name}`,
  });
  return TopicArn;
}
