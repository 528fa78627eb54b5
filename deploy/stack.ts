import { describeAlarms } from './alarms.ts';
import { describeApi, pageUrl } from './api.ts';
import { att, type Resources, ref, type Text, type Value } from './cloudformation.ts';
import { fitToCompany } from './company.ts';
import { describeDashboard } from './dashboard.ts';
import { describeEvents } from './events.ts';
import { describeEvidence } from './evidence.ts';
import { connecting, type FunctionKey, functionKeys, functionSpecs } from './functions.ts';
import { describeKeys } from './keys.ts';
import { describeLogGroups } from './logs.ts';
import { describeMachines } from './machine.ts';
import { machineFiles, machineRows, machines } from './machines.ts';
import { functionLogGroup, functionName, machineArn } from './names.ts';
import { changesSomething, describeFunctionRoles, roleId } from './roles.ts';
import { describeSchedules } from './schedules.ts';
import { type Params, readSettings, type Settings, writeChoice, type ZoneRecords } from './settings.ts';
import { describeTopics } from './topics.ts';

export interface Stack {
  /** `functions` of serverless.yml. */
  functions: Record<string, Value>;
  /** `provider.stackTags` of serverless.yml: CloudFormation puts them on everything that takes tags. */
  tags: Record<string, string>;
  /** `resources` of serverless.yml. */
  resources: { Resources: Resources; Outputs: Record<string, Value> };
}

/** The whole stack, from what was set for it. */
export function describeStack(params: Params): Stack {
  const settings = readSettings(params);
  return {
    functions: Object.fromEntries(functionKeys.map((key) => [key, describeFunction(key, settings)])),
    tags: settings.tags,
    resources: {
      Resources: fitToCompany(settings, {
        ...describeKeys(settings),
        ...describeLogGroups(settings),
        ...describeTopics(settings),
        ...describeFunctionRoles(settings),
        ...describeMachines(settings),
        ...describeApi(settings),
        ...describeEvents(settings),
        ...describeEvidence(settings),
        ...describeSchedules(settings),
        ...describeAlarms(settings),
        ...describeDashboard(settings),
      }),
      Outputs: describeOutputs(settings),
    },
  };
}

/** A function as the framework takes it. Its log group and its role are ours, its artifact is built by `deploy/build.ts`. */
function describeFunction(key: FunctionKey, settings: Settings): Value {
  const { description, timeoutSeconds, memoryMiB, environment = [], reserved } = functionSpecs[key];
  const values = environmentValues(settings);
  return {
    name: functionName(settings.prefix, key),
    description,
    handler: `${key}.handler`,
    package: { artifact: `build/zips/${key}.zip` },
    role: roleId(key),
    timeout: timeoutSeconds,
    memorySize: memoryMiB,
    disableLogs: true,
    ...(environment.length > 0 && {
      environment: Object.fromEntries(environment.map((name) => [name, values[name] as Value])),
    }),
    ...(settings.reservedConcurrency && reserved !== undefined && { reservedConcurrency: reserved }),
    // The other functions call AWS only: a network of yours would take that from them, and give them nothing.
    ...(settings.network &&
      connecting.includes(key) && {
        vpc: { subnetIds: settings.network.subnets, securityGroupIds: settings.network.securityGroups },
      }),
  };
}

/** Groups in which lines about changing calls may stand. */
export const changeLogs = (prefix: string): string =>
  functionKeys
    .filter(changesSomething)
    .map((key) => functionLogGroup(prefix, key))
    .join();

function environmentValues(settings: Settings): Record<string, Text> {
  return {
    ANNOUNCEMENTS_TOPIC_ARN: ref('Announcements'),
    APPROVALS_TOPIC_ARN: ref('Approvals'),
    // The plugin puts in what was packaged.
    ARTEFACT_DIGEST: 'not packaged',
    CHANGE_LOGS: changeLogs(settings.prefix),
    COPY_SECURITY_GROUP: settings.copySecurityGroup ?? 'none',
    EVIDENCE_BUCKET: ref('Evidence'),
    EVIDENCE_KEY_ARN: att('EvidenceKey'),
    DECIDE_FUNCTION: functionName(settings.prefix, 'decide'),
    DECISION_KEY_ID: ref('DecisionKey'),
    LINK_KEY_ID: ref('LinkKey'),
    PAGE_URL: pageUrl(settings),
    REHEARSAL_KEY_ID: ref('RehearsalKey'),
    RUNBOOK: settings.runbook,
    // The runtime of Lambda brings the certificate authorities of RDS in this file.
    RDS_CA_FILE: '/var/runtime/ca-cert.pem',
    MARK_DATABASES_FUNCTION: functionName(settings.prefix, 'markDatabases'),
    SQL_MYSQL_FUNCTION: functionName(settings.prefix, 'sqlMysql'),
    SQL_POSTGRES_FUNCTION: functionName(settings.prefix, 'sqlPostgres'),
    ...Object.fromEntries(
      machineFiles.map((file) => [machines[file].variable, machineArn(settings.prefix, file)]),
    ),
    DATABASES: writeChoice(settings.databases),
    UNAPPROVED_RUNS: settings.unapprovedRuns,
    LOAD_STATEMENTS: settings.loadStatements.join() || 'none',
    READ_RAMP_RECORDS: writeRecords(settings.readRampRecords),
    WAY_BACK_RECORDS: writeRecords(settings.wayBackRecords),
  };
}

const writeRecords = (zones: ZoneRecords[]): string =>
  zones.flatMap(({ hostedZoneId, names }) => names.map((name) => `${hostedZoneId}/${name}`)).join() || 'none';

function describeOutputs(settings: Settings): Record<string, Value> {
  return {
    ...Object.fromEntries(
      machineRows.flatMap(({ id, outputs: { alias, machine } }) => [
        [alias.name, { Description: alias.description, Value: ref(`${id}Alias`) }],
        [machine.name, { Description: machine.description, Value: ref(id) }],
      ]),
    ),
    ApprovalPage: { Description: 'Address that links begin with', Value: pageUrl(settings) },
    DecideFunction: { Description: 'Private; the page calls it', Value: att('DecideLambdaFunction') },
    AnnouncementsTopic: { Description: 'Outcomes and alarms', Value: ref('Announcements') },
    EvidenceBucket: { Description: 'Records of runs', Value: ref('Evidence') },
    EvidenceKey: { Description: 'Signs the records of runs', Value: att('EvidenceKey') },
    ApprovalsTopic: { Description: 'Questions', Value: ref('Approvals') },
  };
}
