import { finalSnapshotName } from '../../domain/close/final-snapshot.ts';
import type { Database, Deployment, Side } from '../../domain/model/deployment.ts';
import { unreadable } from '../../domain/model/reading.ts';
import type { EndState } from '../../domain/outcome/leftovers.ts';
import { readRecord } from '../rds/deployment.ts';
import { readSnapshot } from '../rds/read.ts';
import { asSide, readSideAgain } from '../rds/side.ts';
import { orUnreadable, sideBySide } from '../readings.ts';
import { readAddressedId } from './production-address.ts';

/**
 * Reads the end state of a run. It never throws: an end is announced even when nothing can be read.
 * @param request it may name a record of Route 53 as the address of production
 * @param knownSnapshot the final snapshot, where the run knew it; a run that was stopped before may have one anyway
 */
export async function readEndState(
  deployment: Partial<Deployment>,
  knownSnapshot: string | undefined,
  request: unknown,
): Promise<EndState> {
  const { database, blue, green, clone, id, recordReleased } = deployment;
  if (!database || !blue) return { production: unreadable('the run ended before it had read the database') };
  const snapshotId = knownSnapshot ?? (recordReleased ? finalSnapshotName(blue.resourceId) : undefined);
  const backups = backupsKept(deployment, request);
  const sides = { blue, ...(green && { green }), ...(clone && { clone }) };
  const read = await sideBySide({
    production: orUnreadable(readAddressedId(request, { database, ...sides }).then((found) => found ?? null)),
    blue: orUnreadable(readSideNow(database.kind, blue)),
    green: green && orUnreadable(readSideNow(database.kind, green)),
    clone: clone && orUnreadable(readSideNow(database.kind, clone)),
    record: id ? orUnreadable(readRecord(id).then((found) => found ?? null)) : undefined,
    snapshot: snapshotId
      ? orUnreadable(readSnapshot(database.kind, snapshotId).then((found) => found ?? null))
      : undefined,
    snapshotsOfReplicas: snapshotId
      ? Promise.all(replicasOf(database, blue).map(readReplicaSnapshot))
      : undefined,
  });
  return { ...read, ...(backups !== undefined && { backups }) };
}

/** A replica that had data of its own got a final snapshot, under a name that follows from its resource id. */
const readReplicaSnapshot = (resourceId: string) =>
  orUnreadable(readSnapshot('instance', finalSnapshotName(resourceId)).then((found) => found ?? null));

const replicasOf = ({ kind }: Database, { resourceId, members }: Side): string[] =>
  kind === 'cluster' ? [] : members.map((member) => member.resourceId).filter((id) => id !== resourceId);

/** Days for which RDS keeps the automated backups of an old blue that the run deletes; undefined: it deletes none, or the backups with it. */
function backupsKept({ blue, recordReleased }: Partial<Deployment>, request: unknown): number | undefined {
  const { oldBlue } = (request ?? {}) as {
    oldBlue?: { deleteAfterDays?: unknown; deleteAutomatedBackups?: unknown };
  };
  const deletes = recordReleased && oldBlue?.deleteAfterDays !== undefined;
  return deletes && !oldBlue.deleteAutomatedBackups ? blue?.backupRetentionDays : undefined;
}

async function readSideNow(kind: Database['kind'], side: Side): Promise<Side | null> {
  const found = await readSideAgain(kind, side);
  return found ? asSide(found) : null;
}
