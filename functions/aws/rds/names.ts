import type { Database, Deployment } from '../../domain/model/deployment.ts';
import type { Named } from '../../domain/way-back/rename-step.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { readCluster, readInstance } from './read.ts';
import { asSide, readSideAgain } from './side.ts';

/** Resource id that the production name leads to now; undefined when nothing has that name. */
export async function readProductionId(database: Pick<Database, 'kind' | 'id'>): Promise<string | undefined> {
  return database.kind === 'cluster'
    ? (await readCluster(database.id))?.DbClusterResourceId
    : (await readInstance(database.id))?.DbiResourceId;
}

/** What both databases are called now, by resource id, and which of them the name of production leads to. */
export async function readNames(
  deployment: Pick<Deployment, 'database' | 'blue' | 'green' | 'clone'>,
): Promise<Named> {
  const { database, green } = deployment;
  const target = targetOf(deployment);
  const [production, targetNow, greenNow] = await Promise.all([
    readProductionId(database),
    readSideAgain(database.kind, target),
    green && readSideAgain(database.kind, green),
  ]);
  const named = (known: { resourceId: string } | undefined, raw: typeof targetNow) => {
    if (!raw) return undefined;
    const { id, arn, status, endpoint } = asSide(raw);
    const pendingId = raw.cluster
      ? raw.cluster.PendingModifiedValues?.DBClusterIdentifier
      : raw.instances[0]?.PendingModifiedValues?.DBInstanceIdentifier;
    return { id, arn, status, endpoint, resourceId: known?.resourceId ?? '', pendingId: pendingId ?? null };
  };
  return { production: production ?? null, target: named(target, targetNow), green: named(green, greenNow) };
}
