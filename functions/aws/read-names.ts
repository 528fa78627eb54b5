import type { Deployment } from '../domain/deployment.ts';
import type { Named } from '../domain/way-back-flow-endpoint.ts';
import { readProductionId } from './read-production.ts';
import { asSide, readSideAgain } from './read-side.ts';

/** What both databases are called now, by resource id, and which of them the name of production leads to. */
export async function readNames({
  database,
  blue,
  green,
}: Pick<Deployment, 'database' | 'blue' | 'green'>): Promise<Named> {
  const [production, blueNow, greenNow] = await Promise.all([
    readProductionId(database),
    readSideAgain(database.kind, blue),
    green && readSideAgain(database.kind, green),
  ]);
  const named = (known: { resourceId: string } | undefined, raw: typeof blueNow) => {
    if (!raw) return undefined;
    const { id, status, endpoint } = asSide(raw);
    const pendingId = raw.cluster
      ? raw.cluster.PendingModifiedValues?.DBClusterIdentifier
      : raw.instances[0]?.PendingModifiedValues?.DBInstanceIdentifier;
    return { id, status, endpoint, resourceId: known?.resourceId ?? '', pendingId: pendingId ?? null };
  };
  return { production: production ?? null, blue: named(blue, blueNow), green: named(green, greenNow) };
}
