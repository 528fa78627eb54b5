import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { copyTag, executionTag } from '../../domain/model/tags.ts';
import { copyPrefix } from '../../domain/on-copy/copy.ts';
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

/** One thing that a rehearsal has made and that is there. */
interface Left {
  kind: 'cluster' | 'instance';
  name: string;
  status: string;
  protection: boolean;
  /** An instance on the storage of a cluster has no backups and no protection of its own. */
  ofCluster: boolean;
}

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

/** Every database with the tag of a rehearsal and the name of a copy, instances before clusters. Both are asked for: neither alone is enough. */
export async function readCopiesOf(rehearsal: string): Promise<Left[]> {
  const [instances, clusters] = await Promise.all([readAllInstances(), readAllClusters()]);
  const found = [
    ...instances.map((one) => ({
      kind: 'instance' as const,
      name: one.DBInstanceIdentifier ?? '',
      status: one.DBInstanceStatus ?? '',
      protection: one.DeletionProtection ?? false,
      ofCluster: one.DBClusterIdentifier !== undefined,
      tags: asTags(one.TagList),
    })),
    ...clusters.map((one) => ({
      kind: 'cluster' as const,
      name: one.DBClusterIdentifier ?? '',
      status: one.Status ?? '',
      protection: one.DeletionProtection ?? false,
      ofCluster: false,
      tags: asTags(one.TagList),
    })),
  ];
  return found
    .filter(({ name, tags }) => tags[copyTag] === rehearsal && name.startsWith(copyPrefix))
    .map(({ tags: _, ...left }) => left);
}

/** Deletes copies without a snapshot and with their backups: they hold nothing that production does not hold. One that is busy is left for the next look. */
export async function deleteCopies(copies: Left[]): Promise<void> {
  const busy: string[] = [];
  for (const copy of copies.filter(({ status }) => status !== 'deleting'))
    await deleteCopy(copy).catch((error: Error) => {
      if (!/^InvalidDB(Instance|Cluster)StateFault$/.test(error.name)) throw error;
      busy.push(`${copy.name} is ${copy.status}`);
    });
  if (busy.length > 0) throw new Busy(notYet(busy.join(', '), 'delete in the console of RDS what is left'));
}

async function deleteCopy({ kind, name, protection, ofCluster }: Left): Promise<void> {
  if (protection && !ofCluster) await turnOffDeletionProtection(kind, name);
  await goneIsBusy(() =>
    kind === 'cluster'
      ? deleteCluster(name, true)
      : deleteInstance(name, ofCluster ? {} : { deleteAutomatedBackups: true }),
  );
}
