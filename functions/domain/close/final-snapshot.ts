/** A snapshot as RDS describes it. */
export interface SnapshotFacts {
  id: string;
  arn: string;
  /** `creating`, `available` … */
  status: string;
  /** Resource id of the database that it is of; `undefined` where RDS does not say. */
  of: string | undefined;
}

/**
 * Name of the final snapshot of a database, from its resource id alone: a repeated attempt finds the snapshot of the first, and no
 * other database has the same. RDS stores names in lower case and takes 255 characters.
 */
export function finalSnapshotName(resourceId: string): string {
  return `viridian-final-${resourceId.toLowerCase()}`;
}

/** Whether a snapshot stands for a database: `usable`, `unfinished`, or `wrong` for ever. */
export function judgeSnapshot(
  snapshot: SnapshotFacts | undefined,
  resourceId: string,
): { kind: 'usable' } | { kind: 'unfinished' | 'wrong'; because: string } {
  if (!snapshot)
    return { kind: 'unfinished', because: `RDS does not list a final snapshot of ${resourceId}` };
  if (snapshot.of !== resourceId)
    return {
      kind: 'wrong',
      because: `the snapshot ${snapshot.id} is of ${snapshot.of ?? 'an unknown database'}, not of ${resourceId}`,
    };
  if (snapshot.status === 'available') return { kind: 'usable' };
  const because = `the snapshot ${snapshot.id} is ${snapshot.status || 'without a status'}`;
  return { kind: /failed|deleting/.test(snapshot.status) ? 'wrong' : 'unfinished', because };
}
