/** What whoever deploys may set, as text: `--param="email=…"`, or `params` of a stage in `serverless.yml`. */
export interface Params {
  stage: string;
  email: string;
  approvers: string;
  approvalEndpoints: string;
  unapprovedRuns: string;
  logDays: string;
  approvalAlarmHours: string;
  runbook: string;
  reservedConcurrency: string;
  subnets: string;
  securityGroups: string;
  domain: string;
  certificate: string;
  jwtIssuer: string;
  jwtAudience: string;
  startFromAccounts: string;
  wayBackRecords: string;
  readRampRecords: string;
  loadStatements: string;
  windows: string;
  permissionsBoundary: string;
  rolePath: string;
  tags: string;
  dataKey: string;
  databases: string;
  evidenceMode: string;
  evidenceYears: string;
  copySecurityGroup: string;
}

/** The same, read and checked. What is not configured does not exist in the stack. */
export interface Settings {
  /** Begins the name of everything: `viridian-STAGE`. */
  prefix: string;
  /** Subscribed to the announcements: outcomes and alarms. */
  email: string | undefined;
  /** Subscribed to the approvals. */
  approvers: string[];
  /** What else may be subscribed to the approvals. */
  approvalEndpoints: string[];
  /** Whether a request may ask for a switchover without an approval. */
  unapprovedRuns: 'allowed' | 'refused';
  logDays: number;
  approvalAlarmHours: number;
  /** Where the runbook can be read; alarms link to its headings. */
  runbook: string;
  reservedConcurrency: boolean;
  network: { subnets: string[]; securityGroups: string[] } | undefined;
  domain: { name: string; certificate: string } | undefined;
  authorizer: { issuer: string; audience: string[] } | undefined;
  /** Accounts that may ask for a run over an event bus; none: there is no bus. */
  startFromAccounts: string[];
  /** Records of Route 53 by which production may go back, by their hosted zone; none: the stack has no right in Route 53. */
  wayBackRecords: ZoneRecords[];
  /** Weighted records by which readers come, likewise: a run leads them to green step by step. */
  readRampRecords: ZoneRecords[];
  /** Files in S3 whose statements a load test may run, each as `BUCKET/KEY`. */
  loadStatements: string[];
  /** File with the list of maintenance windows, from the root of the project. */
  windows: string;
  /** ARN of the policy that bounds every role of the stack; undefined: none. */
  permissionsBoundary: string | undefined;
  /** Path of every role. */
  rolePath: string;
  /** On everything that takes tags. */
  tags: Record<string, string>;
  /** ARN of a key of KMS for data (history, messages, logs) in place of three of ours; undefined: ours. */
  dataKey: string | undefined;
  /** Databases that runs may change; undefined: every one of the account and Region. */
  databases: DatabaseChoice | undefined;
  /** How the records of runs are locked, and for how long. */
  evidence: { mode: 'COMPLIANCE' | 'GOVERNANCE'; years: number };
  /** Security group of copies of production, on which runs are rehearsed; undefined: none is rehearsed. */
  copySecurityGroup: string | undefined;
}

/** Databases by name, or those that carry a tag with a value. */
export type DatabaseChoice = { names: string[] } | { tag: { key: string; value: string } };

/** The choice as functions read it: `all`, `tag:NAME=VALUE`, or names with commas between. */
export function writeChoice(databases: DatabaseChoice | undefined): string {
  if (databases === undefined) return 'all';
  return 'tag' in databases ? `tag:${databases.tag.key}=${databases.tag.value}` : databases.names.join();
}

/** What of others the stack may use, by what for: records of Route 53, and files of statements. */
export type StackRecords = Pick<Settings, 'wayBackRecords' | 'readRampRecords' | 'loadStatements'>;

/** Names of records of one hosted zone, in small letters and without the last dot, as IAM compares them. */
export interface ZoneRecords {
  hostedZoneId: string;
  names: string[];
}

/** Days that CloudWatch Logs accepts as a retention (PutRetentionPolicy), up to two years. */
const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/** The state machines may invoke `viridian-hook-*`: a stage of that name would make hooks of our own functions. */
const stageForm = /^(?!hook(-|$))[a-z][a-z0-9-]{0,14}$/;
const stageWanted = 'at most 15 of a-z, 0-9 and dash, but not "hook" or what begins with "hook-"';

/** @throws when a parameter is malformed, naming it and what it must be */
export function readSettings(params: Params): Settings {
  const approvers = list(params.approvers);
  const email = params.email || undefined;
  return {
    prefix: `viridian-${check('stage', params.stage, stageForm, stageWanted)}`,
    email: email && address('email', email),
    approvers: (approvers.length > 0 ? approvers : list(params.email)).map((text) =>
      address('approvers', text),
    ),
    approvalEndpoints: list(params.approvalEndpoints),
    unapprovedRuns: check(
      'unapprovedRuns',
      params.unapprovedRuns,
      /^(allowed|refused)$/,
      'allowed or refused',
    ) as Settings['unapprovedRuns'],
    logDays: oneOf('logDays', Number(params.logDays), retentions),
    approvalAlarmHours: positive('approvalAlarmHours', Number(params.approvalAlarmHours)),
    runbook: check('runbook', params.runbook, /^\S+$/, 'where it can be read, without spaces'),
    reservedConcurrency: params.reservedConcurrency === 'true',
    network: pair(params, 'subnets', 'securityGroups')
      ? { subnets: list(params.subnets), securityGroups: list(params.securityGroups) }
      : undefined,
    domain: pair(params, 'domain', 'certificate')
      ? { name: params.domain, certificate: params.certificate }
      : undefined,
    authorizer: pair(params, 'jwtIssuer', 'jwtAudience')
      ? { issuer: params.jwtIssuer, audience: list(params.jwtAudience) }
      : undefined,
    startFromAccounts: list(params.startFromAccounts).map((text) =>
      check('startFromAccounts', text, /^\d{12}$/, 'account ids of 12 digits, with commas between'),
    ),
    wayBackRecords: readRecords('wayBackRecords', params.wayBackRecords),
    readRampRecords: readRecords('readRampRecords', params.readRampRecords),
    loadStatements: list(params.loadStatements).map((one) =>
      check('loadStatements', one, fileForm, 'BUCKET/KEY of each file, with commas between'),
    ),
    windows: params.windows,
    permissionsBoundary: params.permissionsBoundary
      ? check('permissionsBoundary', params.permissionsBoundary, boundaryForm, 'the ARN of a policy of IAM')
      : undefined,
    rolePath: check('rolePath', params.rolePath, /^\/([\x21-\x7e]{1,510}\/)?$/, 'a path such as /viridian/'),
    tags: readTags(params.tags),
    dataKey: params.dataKey
      ? check('dataKey', params.dataKey, keyForm, 'the ARN of a key of KMS')
      : undefined,
    evidence: {
      mode: check(
        'evidenceMode',
        params.evidenceMode,
        /^(COMPLIANCE|GOVERNANCE)$/,
        'COMPLIANCE or GOVERNANCE',
      ) as Settings['evidence']['mode'],
      years: positive('evidenceYears', Number(params.evidenceYears)),
    },
    databases: params.databases === '' ? undefined : readDatabases(params.databases),
    copySecurityGroup: params.copySecurityGroup
      ? check(
          'copySecurityGroup',
          params.copySecurityGroup,
          /^sg-[0-9a-f]{8,17}$/,
          'the id of a security group',
        )
      : undefined,
  };
}

const boundaryForm = /^arn:aws(-[a-z]+)*:iam::(\d{12}|aws):policy\/\S+$/;
const keyForm = /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** CloudFormation takes fifty tags of a resource; the framework and we need some. */
const mostTags = 40;

function readTags(text: string): Record<string, string> {
  const pairs = list(text).map((one) =>
    check('tags', one, /^(?!aws:)[^=]{1,128}=[^=]{0,256}$/i, 'name=value of each tag, with commas between'),
  );
  if (pairs.length > mostTags)
    throw new Error(`parameter tags has ${pairs.length} tags: give ${mostTags} at most`);
  return Object.fromEntries(pairs.map((one) => one.split('=') as [string, string]));
}

const databasesWanted =
  'names of instances or clusters with commas between, or tag:NAME=VALUE for those that carry this tag';

function readDatabases(text: string): DatabaseChoice {
  const [, key, value] = /^tag:([^=\s,]{1,128})=([^=\s,]{0,256})$/.exec(text.trim()) ?? [];
  if (key !== undefined && value !== undefined) return { tag: { key, value } };
  return {
    names: list(text).map((one) => check('databases', one, /^[a-z][a-z0-9-]{0,62}$/, databasesWanted)),
  };
}

/** As in `tests.load.statements` of a request: a key with a star would be a pattern to IAM. */
const fileForm = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[A-Za-z0-9!_.'()/-]{1,500}$/;

const recordForm = /^Z[A-Z0-9]{1,31}\/[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

function readRecords(parameter: string, text: string): ZoneRecords[] {
  const zones = new Map<string, string[]>();
  for (const one of list(text)) {
    const wanted =
      'HOSTED-ZONE-ID/name of each record, in small letters and without a last dot, with commas between';
    const [zone = '', name = ''] = check(parameter, one, recordForm, wanted).split('/');
    zones.set(zone, [...(zones.get(zone) ?? []), name]);
  }
  return [...zones].map(([hostedZoneId, names]) => ({ hostedZoneId, names }));
}

const list = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

function check(name: string, text: string, form: RegExp, wanted: string): string {
  if (!form.test(text)) throw new Error(`parameter ${name} is "${text}": give ${wanted}`);
  return text;
}

const address = (name: string, text: string): string =>
  check(name, text, /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/, 'e-mail addresses');

function oneOf(name: string, value: number, allowed: number[]): number {
  if (!allowed.includes(value))
    throw new Error(`parameter ${name} is ${value}: give one of ${allowed.join(', ')}`);
  return value;
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new Error(`parameter ${name} is ${value}: give a number above 0`);
  return value;
}

/** Whether two parameters that only make sense together are given. */
function pair(params: Params, one: keyof Params, other: keyof Params): boolean {
  if (Boolean(params[one]) !== Boolean(params[other]))
    throw new Error(`parameters ${one} and ${other} belong together: give both or neither`);
  return Boolean(params[one]);
}
