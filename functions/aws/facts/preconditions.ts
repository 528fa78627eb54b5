import {
  DescribeAccountAttributesCommand,
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  type Parameter,
} from '@aws-sdk/client-rds';
import { baselineWindow, type MetricReading } from '../../domain/bake/baseline.ts';
import { comparedMetrics } from '../../domain/bake/metrics.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import { deploymentName } from '../../domain/model/deployment-name.ts';
import { isMajorUpgrade } from '../../domain/model/engine-version.ts';
import { isRead } from '../../domain/model/reading.ts';
import { replicationKind } from '../../domain/model/replication.ts';
import { executionTag } from '../../domain/model/tags.ts';
import type {
  ExistingDeployment,
  ParameterGroup,
  PreconditionFacts,
  Quota,
} from '../../domain/preconditions/facts.ts';
import { readsRecordOf } from '../../domain/read-ramp/record.ts';
import type { Request } from '../../domain/request/request.ts';
import { type RecordAddress, recordAddressOf } from '../../domain/way-back/address.ts';
import { rdsReader } from '../clients/rds.ts';
import { readAlarms } from '../cloudwatch/alarms.ts';
import {
  type DeploymentRecord,
  lookAtDeployment,
  nameIn,
  readRecordByName,
  readRecordsBySource,
} from '../rds/deployment.ts';
import { featuresOf } from '../rds/features.ts';
import { readFence } from '../rds/fence-seen.ts';
import { readNeighbours } from '../rds/neighbours.ts';
import { countClones, orMissing, readAllPages } from '../rds/read.ts';
import { readerHostOf } from '../rds/readers.ts';
import { asSide } from '../rds/side.ts';
import { readSource, type Source } from '../rds/source.ts';
import { attempt, orUnreadable, sideBySide } from '../readings.ts';
import { readReads } from '../route53/reads.ts';
import { readRecordAddress } from '../route53/records.ts';
import { readMetricsOfInstance, writerOf } from './bake-metrics.ts';
import { readReachable, type Stack } from './reachable.ts';
import { readOwner } from './run-lock.ts';

/**
 * Reads everything that the preconditions look at, but for what the databases themselves say.
 * @param now milliseconds since the epoch
 * @param records of Route 53 that the stack may change, each as `HOSTED-ZONE-ID/name`
 * @param allowedDatabases `all`, `tag:NAME=VALUE`, or names with commas between
 * @param stack what the run has to reach of its own; without it that is not looked at
 * @returns undefined when there is no such database
 */
export async function readPreconditions(
  request: Request,
  executionArn: string,
  now: number,
  records: { changeableRecords: string[]; readRampRecords: string[] },
  allowedDatabases: string,
  stack?: Stack,
): Promise<Omit<PreconditionFacts, 'hooks' | 'sql'> | undefined> {
  const first = await readSource(request.database);
  if (!first) return undefined;
  const deployments = await attempt(readDeployments(first.database));
  const greens = 'value' in deployments ? deployments.value.flatMap(greensOf) : [];
  const source = greens.length === 0 ? first : ((await readSource(first.database.arn, greens)) ?? first);
  const blue = asSide(source.raw);
  const { engine, kind } = source.database;
  const takenUp = isRead(deployments) ? deployments.value.find(({ id }) => id === request.adopt) : undefined;
  const green = takenUp && (await lookAtDeployment(takenUp, kind))?.green;
  const targetVersion = request.target.engineVersion ?? green?.engineVersion ?? blue.engineVersion;
  return {
    request,
    executionArn,
    now,
    ...records,
    allowedDatabases,
    tags: source.tags,
    database: source.database,
    targetVersion,
    replication: replicationKind(engine, blue.engineVersion, targetVersion),
    blue,
    traits: { ...source.traits, namesake: first.traits.namesake },
    features: featuresOf(source.raw, source.tags, now),
    greenGroup: greenGroupOf(source.database, blue, targetVersion, request),
    deployments: 'value' in deployments ? { value: deployments.value.map(asExisting) } : deployments,
    lock: await attempt(readOwner(source.tags, executionArn)),
    ...(await readAround(source, blue, targetVersion, request)),
    ...(stack && (await readReachable(request, source.database.id, stack))),
    bakeMetrics: await readBakeMetrics(blue, request, now),
  };
}

function readAround(source: Source, blue: Side, targetVersion: string, request: Request) {
  const { engine, kind } = source.database;
  const { parameterGroup, clusterParameterGroup } = request.target;
  const address = recordAddressOf(request);
  const readers = readsRecordOf(request);
  const fence = request.oldBlue.fenceSecurityGroup;
  const cloneGroup = source.raw.cluster?.CloneGroupId;
  return sideBySide({
    clones: cloneGroup ? attempt(countClones(cloneGroup)) : undefined,
    // Instances never stand behind it.
    fence: kind === 'cluster' && fence !== undefined ? attempt(readFence(source.raw, fence)) : undefined,
    upgradeTargets: attempt(readUpgradeTargets(engine, blue.engineVersion)),
    targetFamily: attempt(readFamily(engine, targetVersion)),
    blueParameters: attempt(readParameters(kind, blue.parameterGroup)),
    neighbours: readNeighbours(source.database, blue, targetVersion, request),
    greenParameters: readGreenParameters(source.database, blue, targetVersion, request),
    quotas: attempt(readQuotas()),
    alarms: readAlarms(request.bake.alarms),
    targetParameterGroup:
      parameterGroup === undefined ? undefined : attempt(readGroup('instance', parameterGroup)),
    targetClusterParameterGroup:
      clusterParameterGroup === undefined ? undefined : attempt(readGroup('cluster', clusterParameterGroup)),
    endpointRecord: address && attempt(readRecordAddress(address)),
    reads: readers && readReadsOf(readers, source),
  });
}

async function readReadsOf(record: RecordAddress, { raw }: Source): Promise<PreconditionFacts['reads']> {
  return {
    seen: await attempt(readReads(record)),
    host: readerHostOf(raw),
    alone: raw.instances.length === 1,
  };
}

/** The group that green starts with: the requested one; within a major version otherwise that of blue. */
function greenGroupOf(
  { kind, engine }: Database,
  blue: Side,
  version: string,
  { target }: Request,
): string | null {
  const asked = kind === 'cluster' ? target.clusterParameterGroup : target.parameterGroup;
  return asked ?? (isMajorUpgrade(engine, blue.engineVersion, version) ? null : blue.parameterGroup);
}

/** Its parameters. A group that does not exist is the finding of another rule, and has none. */
async function readGreenParameters(database: Database, blue: Side, version: string, request: Request) {
  const group = greenGroupOf(database, blue, version, request);
  return attempt(
    group === null
      ? Promise.resolve({})
      : orMissing(readParameters(database.kind, group)).then((found) => found ?? {}),
  );
}

/** A CloudWatch that cannot be read refuses no run: it is a warning. */
async function readBakeMetrics(blue: Side, { bake }: Request, now: number): Promise<MetricReading[]> {
  const names = comparedMetrics(bake).map(({ name }) => name);
  const found = await orUnreadable(
    readMetricsOfInstance(writerOf(blue) ?? blue.id, names, baselineWindow(now)),
  );
  return isRead(found) ? found.value : names.map((name) => ({ name, seen: found }));
}

/** Deployments under our name and deployments of this source, each once. */
async function readDeployments(database: Database): Promise<DeploymentRecord[]> {
  const [ours, ofSource] = await Promise.all([
    readRecordByName(deploymentName(database)),
    readRecordsBySource(database.arn),
  ]);
  const found = ours ? [ours, ...ofSource] : ofSource;
  return [...new Map(found.map((record) => [record.id, record])).values()];
}

const greensOf = ({ pairs }: DeploymentRecord) =>
  pairs.flatMap(({ target }) => (target ? [nameIn(target)] : []));

const asExisting = ({ id, name, status, source, tags }: DeploymentRecord): ExistingDeployment => ({
  id,
  name,
  status,
  source,
  executionArn: tags[executionTag] ?? null,
});

async function describeVersions(engine: string, version: string) {
  // Without IncludeAll a deprecated version, which blue may well run, is not listed.
  const input = { Engine: engine, EngineVersion: version, IncludeAll: true };
  return readAllPages(
    (Marker) => rdsReader().send(new DescribeDBEngineVersionsCommand({ ...input, Marker })),
    (page) => page.DBEngineVersions,
  );
}

async function readUpgradeTargets(engine: string, version: string): Promise<string[]> {
  const [found] = await describeVersions(engine, version);
  return (found?.ValidUpgradeTarget ?? []).map(({ EngineVersion = '' }) => EngineVersion);
}

async function readFamily(engine: string, version: string): Promise<string | null> {
  const [found] = await describeVersions(engine, version);
  return found?.DBParameterGroupFamily ?? null;
}

async function readGroup(level: Database['kind'], name: string): Promise<ParameterGroup | null> {
  if (level === 'cluster') {
    const input = { DBClusterParameterGroupName: name };
    const found = await orMissing(rdsReader().send(new DescribeDBClusterParameterGroupsCommand(input)));
    const group = found?.DBClusterParameterGroups?.[0];
    return group ? { name, family: group.DBParameterGroupFamily ?? '' } : null;
  }
  const input = { DBParameterGroupName: name };
  const found = await orMissing(rdsReader().send(new DescribeDBParameterGroupsCommand(input)));
  const group = found?.DBParameterGroups?.[0];
  return group ? { name, family: group.DBParameterGroupFamily ?? '' } : null;
}

async function readParameters(
  level: Database['kind'],
  group: string,
): Promise<Record<string, string | undefined>> {
  const parameters = await readAllPages<{ Marker?: string; Parameters?: Parameter[] }, Parameter>(
    (Marker) =>
      level === 'cluster'
        ? rdsReader().send(
            new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: group, Marker }),
          )
        : rdsReader().send(new DescribeDBParametersCommand({ DBParameterGroupName: group, Marker })),
    (page) => page.Parameters,
  );
  return Object.fromEntries(
    parameters.map(({ ParameterName = '', ParameterValue }) => [ParameterName, ParameterValue]),
  );
}

async function readQuotas(): Promise<Quota[]> {
  const { AccountQuotas = [] } = await rdsReader().send(new DescribeAccountAttributesCommand({}));
  return AccountQuotas.map(({ AccountQuotaName = '', Used = 0, Max = 0 }) => ({
    name: AccountQuotaName,
    used: Used,
    max: Max,
  }));
}
