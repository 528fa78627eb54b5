import type { BlueGreenDeployment, DBInstance } from '@aws-sdk/client-rds';
import type { DeploymentLook } from '../../domain/build/readiness.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import { deploymentName } from '../../domain/model/deployment-name.ts';
import { asTags, describeDeployments, describeSomeDeployments } from './read.ts';
import { asSide, type RawSide, readSideByName } from './side.ts';

/** A blue/green deployment as RDS describes it, without its databases. */
export interface DeploymentRecord {
  id: string;
  name: string;
  /** Before the cut the ARN of production, after it that of old blue. */
  source: string;
  target: string | undefined;
  status: string;
  statusDetails?: string;
  tasks: { name: string; status: string }[];
  /** A row for each member: instance, cluster and custom endpoint. */
  pairs: { source: string; target?: string; status: string }[];
  tags: Record<string, string>;
}

export async function readRecord(id: string): Promise<DeploymentRecord | undefined> {
  return (await describeDeployments({ id })).map(asRecord)[0];
}

export async function readRecordByName(name: string): Promise<DeploymentRecord | undefined> {
  return (await describeDeployments({ name })).map(asRecord)[0];
}

/** What runs have created for the database of this name, which is an instance or a cluster: their deployments are called by it. */
export async function readRecordsOf(name: string): Promise<DeploymentRecord[]> {
  const names = (['instance', 'cluster'] as const).map((kind) => deploymentName({ kind, id: name }));
  const records = await Promise.all(names.map(readRecordByName));
  return records.filter((record) => record !== undefined);
}

/** Deployments whose blue is the database of this ARN; after the cut RDS writes the ARN of old blue there. */
export async function readRecordsBySource(arn: string): Promise<DeploymentRecord[]> {
  return (await describeDeployments({ source: arn })).map(asRecord);
}

/** Every deployment of the account and Region. */
export async function readAllRecords(): Promise<DeploymentRecord[]> {
  return (await describeDeployments({})).map(asRecord);
}

/** A hundred of them, with one call. */
export async function readSomeRecords(): Promise<DeploymentRecord[]> {
  return (await describeSomeDeployments()).map(asRecord);
}

function asRecord(record: BlueGreenDeployment): DeploymentRecord {
  return {
    id: record.BlueGreenDeploymentIdentifier ?? '',
    name: record.BlueGreenDeploymentName ?? '',
    source: record.Source ?? '',
    target: record.Target,
    status: record.Status ?? '',
    ...(record.StatusDetails && { statusDetails: record.StatusDetails }),
    tasks: (record.Tasks ?? []).map(({ Name = '', Status = '' }) => ({ name: Name, status: Status })),
    pairs: (record.SwitchoverDetails ?? []).map(({ SourceMember = '', TargetMember, Status = '' }) => ({
      source: SourceMember,
      ...(TargetMember && { target: TargetMember }),
      status: Status,
    })),
    tags: asTags(record.TagList),
  };
}

/**
 * One look at a deployment and the databases of both sides, before the cut.
 * @returns undefined when blue itself cannot be found
 */
export async function lookAtDeployment(
  record: DeploymentRecord,
  kind: Database['kind'],
): Promise<DeploymentLook | undefined> {
  const [blue, green] = await Promise.all([
    readPairedSide(
      kind,
      record.source,
      record.pairs.map(({ source }) => source),
    ),
    readPairedSide(
      kind,
      record.target,
      record.pairs.map(({ target }) => target),
    ),
  ]);
  return (
    blue && {
      ...splitBlue(blue, record),
      status: record.status,
      ...(record.statusDetails && { statusDetails: record.statusDetails }),
      tasks: record.tasks,
      pairs: record.pairs,
      ...(green && { green: asSide(green) }),
      replicationTroubles: green ? troublesOf(green) : [],
      progress: { ...progressOf(blue), ...(green && progressOf(green)) },
      failureEvents: [],
    }
  );
}

/** `PercentProgress` of the cluster and of each instance. RDS gives it while it works on one, as a text, sometimes with a sign. */
function progressOf({ cluster, instances }: RawSide): Record<string, number> {
  const known = [
    { id: cluster?.DBClusterIdentifier, percent: cluster?.PercentProgress },
    ...instances.map((one) => ({ id: one.DBInstanceIdentifier, percent: one.PercentProgress })),
  ];
  return Object.fromEntries(
    known.flatMap(({ id, percent }) => {
      const number = Number.parseFloat(percent ?? '');
      return id && number >= 0 && number <= 100 ? [[id, number]] : [];
    }),
  );
}

/**
 * Blue with the databases that the record pairs, and the names of those that it does not. Until the record lists any, all count as paired; until
 * it lists a target for each, a replica that it does not name may be green, which was made since it was read.
 */
function splitBlue(raw: RawSide, { pairs }: DeploymentRecord): { blue: Side; unpaired: string[] } {
  const paired = pairs.map(({ source }) => source).filter((arn) => arn.includes(':db:'));
  if (paired.length === 0) return { blue: asSide(raw), unpaired: [] };
  const isPaired = ({ DBInstanceArn = '' }: DBInstance) => paired.includes(DBInstanceArn);
  const blue = asSide({ ...raw, instances: raw.instances.filter(isPaired) });
  const joined = raw.cluster ? raw.instances.filter((one) => !isPaired(one)) : [];
  const known = pairs.flatMap(({ source, target = '' }) => [nameIn(source), nameIn(target)]);
  const isBeingBuilt = pairs.some(({ target }) => target === undefined);
  const replicas = raw.cluster || isBeingBuilt ? [] : blue.replicas.filter((name) => !known.includes(name));
  return {
    blue,
    unpaired: [...joined.map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier), ...replicas],
  };
}

async function readPairedSide(
  kind: Database['kind'],
  head: string | undefined,
  members: (string | undefined)[],
): Promise<RawSide | undefined> {
  if (!head) return undefined;
  const replicas = members.filter((arn) => arn !== undefined && arn !== head && arn.includes(':db:'));
  return readSideByName(kind, nameIn(head), (replicas as string[]).map(nameIn));
}

/** ARN of a deployment, which DescribeBlueGreenDeployments does not give. */
export function deploymentArn(database: Pick<Database, 'arn'>, id: string): string {
  return [...database.arn.split(':').slice(0, 5), 'deployment', id].join(':');
}

/** Id and name of a deployment, and the present names of its databases: what its events may be filed under. */
export function namesOf({ id, name, pairs }: DeploymentRecord): string[] {
  return [id, name, ...pairs.flatMap(({ source, target }) => [source, target ?? '']).map(nameIn)];
}

/** The identifier at the end of an RDS ARN. */
export function nameIn(arn: string): string {
  return arn.split(':').slice(6).join(':');
}

/** `StatusInfos` that are not normal: of a green that is a replica, how its replication does. */
function troublesOf({ instances }: RawSide): DeploymentLook['replicationTroubles'] {
  return instances.flatMap(({ DBInstanceIdentifier = '', StatusInfos = [] }) =>
    StatusInfos.filter(({ Normal }) => Normal === false).map(({ Status = '', Message = '' }) => ({
      member: DBInstanceIdentifier,
      status: Status,
      message: Message,
    })),
  );
}
