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
  windows: string;
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
  /** File with the list of maintenance windows, from the root of the project. */
  windows: string;
}

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
    wayBackRecords: readRecords(params.wayBackRecords),
    windows: params.windows,
  };
}

const recordForm = /^Z[A-Z0-9]{1,31}\/[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

function readRecords(text: string): ZoneRecords[] {
  const zones = new Map<string, string[]>();
  for (const one of list(text)) {
    const wanted =
      'HOSTED-ZONE-ID/name of each record, in small letters and without a last dot, with commas between';
    const [zone = '', name = ''] = check('wayBackRecords', one, recordForm, wanted).split('/');
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
  check(name, text, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'e-mail addresses');

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
