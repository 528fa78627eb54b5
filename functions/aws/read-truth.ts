import type { Database, Deployment, Side } from '../domain/deployment.ts';
import type { Truth } from '../domain/leftovers.ts';
import { unreadable } from '../domain/reading.ts';
import { orUnreadable } from './or-unreadable.ts';
import { readSnapshot } from './rds-read.ts';
import { readRecord } from './read-deployment.ts';
import { readProductionId } from './read-production.ts';
import { asSide, readSideAgain } from './read-side.ts';

/** What is true at the end of a run. It throws for nothing: an end is announced even when nothing can be read. */
export async function readTruth(
  deployment: Partial<Deployment>,
  snapshotId: string | undefined,
): Promise<Truth> {
  const { database, blue, green, id } = deployment;
  if (!database || !blue) return { production: unreadable('the run ended before it had read the database') };
  const [production, blueNow, greenNow, record, snapshot] = await Promise.all([
    orUnreadable(readProductionId(database).then((found) => found ?? null)),
    orUnreadable(readSideNow(database.kind, blue)),
    green && orUnreadable(readSideNow(database.kind, green)),
    id ? orUnreadable(readRecord(id).then((found) => found ?? null)) : undefined,
    snapshotId
      ? orUnreadable(readSnapshot(database.kind, snapshotId).then((found) => found ?? null))
      : undefined,
  ]);
  return {
    production,
    blue: blueNow,
    ...(greenNow && { green: greenNow }),
    ...(record && { record }),
    ...(snapshot && { snapshot }),
  };
}

async function readSideNow(kind: Database['kind'], side: Side): Promise<Side | null> {
  const found = await readSideAgain(kind, side);
  return found ? asSide(found) : null;
}
