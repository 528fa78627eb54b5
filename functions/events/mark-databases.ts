import { isThrottle } from '../aws/errors.ts';
import { type DeploymentRecord, nameIn, readAllRecords, readRecordsOf } from '../aws/rds/deployment.ts';
import { readCluster, readInstance, readTags } from '../aws/rds/read.ts';
import { addTags } from '../aws/rds/write.ts';
import { readRun } from '../aws/step-functions/executions.ts';
import {
  type DatabaseSeen,
  findMarkObstacle,
  type MarkingRun,
  type MarkRequest,
  type MarkResult,
  tagsOfMark,
} from '../domain/close/mark.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { deploymentPhase } from '../domain/model/phase.ts';
import { executionTag } from '../domain/model/tags.ts';
import { actAs } from '../runtime/actor.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';

/**
 * The only function that puts on the tags without which no database is deleted. It may delete none itself, and the functions that delete
 * may put on none. It proves by itself, from the input of the run and from RDS, that what it marks is the run's and not production.
 */
export async function handler(request: MarkRequest): Promise<MarkResult> {
  return actAs({ function: 'markDatabases', executionArn: request.executionArn }, () =>
    mark(request).catch((error: unknown): MarkResult => {
      if (!isThrottle(error)) throw error;
      return { kind: 'turned-away', because: `${error.name}: ${error.message}` };
    }),
  );
}

async function mark({ executionArn, databases }: MarkRequest): Promise<MarkResult> {
  const run = await readMarkingRun(executionArn);
  const seen = await Promise.all(databases.map(({ arn }) => readDatabase(arn)));
  const obstacles = databases.flatMap((one, index) => findMarkObstacle(one, seen[index], run) ?? []);
  if (obstacles.length > 0) {
    const because = obstacles.join('; ');
    log('mark.refused', { execution: executionArn.split(':').at(-1), because });
    return { kind: 'refused', because };
  }
  for (const { arn, mark } of databases) await addTags(arn, tagsOfMark(mark, run));
  return { kind: 'marked' };
}

async function readMarkingRun(executionArn: string): Promise<MarkingRun> {
  const ours = executionArn.startsWith(executionPrefix(env('STATE_MACHINE_ARN')));
  const run = ours ? await readRun(executionArn) : undefined;
  const { database = '', adopt } = JSON.parse(run?.input ?? '{}') as { database?: string; adopt?: unknown };
  const production = (database.split(':').at(-1) ?? '').toLowerCase();
  // A deployment that was taken up has any name.
  const records = adopt === undefined ? readRecordsOf(production) : readAllRecords();
  const green = greenOf((await records).find(({ tags }) => tags[executionTag] === executionArn));
  return { executionArn, open: run?.status === 'RUNNING', production, green };
}

/** Names of green in the deployment of the run; null where it has none before its cut. */
function greenOf(record: DeploymentRecord | undefined): string[] | null {
  if (!record || ['switching', 'switched', 'unknown'].includes(deploymentPhase(record.status))) return null;
  return record.pairs.flatMap(({ target }) => (target ? [nameIn(target)] : []));
}

async function readDatabase(arn: string): Promise<DatabaseSeen | undefined> {
  if (arn.includes(':cluster:')) return readClusterNow(arn);
  const instance = await readInstance(arn);
  if (!instance) return undefined;
  const cluster = instance.DBClusterIdentifier ?? null;
  const tags = await readTags(arn);
  return {
    id: instance.DBInstanceIdentifier ?? '',
    resourceId: instance.DbiResourceId ?? '',
    cluster,
    replicaOf: instance.ReadReplicaSourceDBInstanceIdentifier?.split(':').at(-1) ?? null,
    // An instance that joined the cluster later has none of ours.
    tags: tags[executionTag] || cluster === null ? tags : await readTagsOfCluster(cluster),
  };
}

async function readTagsOfCluster(name: string): Promise<Record<string, string>> {
  const { DBClusterArn } = (await readCluster(name)) ?? {};
  return DBClusterArn ? readTags(DBClusterArn) : {};
}

async function readClusterNow(arn: string): Promise<DatabaseSeen | undefined> {
  const cluster = await readCluster(arn);
  return (
    cluster && {
      id: cluster.DBClusterIdentifier ?? '',
      resourceId: cluster.DbClusterResourceId ?? '',
      cluster: null,
      replicaOf: cluster.ReplicationSourceIdentifier?.split(':').at(-1) ?? null,
      tags: await readTags(arn),
    }
  );
}
