import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { copyTag, executionTag } from '../../domain/model/tags.ts';
import { type KeptCopy, sortCopies, type TaggedCopy } from '../../domain/on-copy/left.ts';
import { goneIsBusy } from '../readings.ts';
import { type DeploymentRecord, readAllRecords } from './deployment.ts';
import { asTags, readAllClusters, readAllInstances } from './read.ts';
import {
  deleteCluster,
  deleteDeploymentAndGreen,
  deleteDeploymentRecord,
  deleteInstance,
  turnOffDeletionProtection,
} from './write.ts';

/** Deployments of the run on a copy, by its tag. */
export async function readDeploymentsOf(run: string): Promise<DeploymentRecord[]> {
  return (await readAllRecords()).filter(({ tags }) => tags[executionTag] === run);
}

/**
 * Deletes the deployment of a copy: with green before the cut, the record alone after it.
 * @returns what is still to be waited for; undefined: RDS has taken the deletion
 */
export async function deleteDeploymentOf({ id, status }: DeploymentRecord): Promise<string | undefined> {
  const phase = deploymentPhase(status);
  if (phase === 'switching' || phase === 'deleting') return `${id} is ${status}`;
  await goneIsBusy(() => (phase === 'switched' ? deleteDeploymentRecord(id) : deleteDeploymentAndGreen(id)));
  return undefined;
}

/** Every database with the tag of a rehearsal, instances before clusters: those that it deletes, and those that a person has made theirs. */
export async function readCopiesOf(rehearsal: string): Promise<{ toDelete: TaggedCopy[]; kept: KeptCopy[] }> {
  const [instances, clusters] = await Promise.all([readAllInstances(), readAllClusters()]);
  const all = [...instances.map(asInstance), ...clusters.map(asCluster)];
  const isTagged = ({ tags }: TaggedCopy) => tags[copyTag] === rehearsal;
  const others = all.filter((one) => !isTagged(one)).flatMap(({ name, arn }) => [name, arn]);
  return sortCopies(all.filter(isTagged), new Set(others));
}

const asInstance = (one: DBInstance): TaggedCopy => ({
  kind: 'instance',
  name: one.DBInstanceIdentifier ?? '',
  arn: one.DBInstanceArn ?? '',
  status: one.DBInstanceStatus ?? '',
  protection: one.DeletionProtection ?? false,
  cluster: one.DBClusterIdentifier ?? null,
  dependents: [
    ...(one.ReadReplicaDBInstanceIdentifiers ?? []),
    ...(one.ReadReplicaDBClusterIdentifiers ?? []),
  ],
  tags: asTags(one.TagList),
});

const asCluster = (one: DBCluster): TaggedCopy => ({
  kind: 'cluster',
  name: one.DBClusterIdentifier ?? '',
  arn: one.DBClusterArn ?? '',
  status: one.Status ?? '',
  protection: one.DeletionProtection ?? false,
  cluster: null,
  dependents: [
    ...(one.DBClusterMembers ?? []).map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier),
    ...(one.ReadReplicaIdentifiers ?? []),
  ],
  tags: asTags(one.TagList),
});

/** Deletes copies without a snapshot and with their backups: they hold nothing that production does not hold. One that is busy is left for the next look. */
export async function deleteCopies(copies: TaggedCopy[]): Promise<void> {
  const busy: string[] = [];
  for (const copy of copies.filter(({ status }) => status !== 'deleting'))
    await deleteCopy(copy).catch((error: Error) => {
      if (!/^InvalidDB(Instance|Cluster)StateFault$/.test(error.name)) throw error;
      busy.push(`${copy.name} is ${copy.status} (${error.message})`);
    });
  if (busy.length > 0) throw new Busy(notYet(busy.join(', '), 'delete in the console of RDS what is left'));
}

async function deleteCopy({ kind, name, protection, cluster }: TaggedCopy): Promise<void> {
  const ofCluster = cluster !== null;
  if (protection && !ofCluster) await turnOffDeletionProtection(kind, name);
  await goneIsBusy(() =>
    kind === 'cluster'
      ? deleteCluster(name, true)
      : deleteInstance(name, ofCluster ? {} : { deleteAutomatedBackups: true }),
  );
}
