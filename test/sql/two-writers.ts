import type { Writability } from '../../local/invariants/evidence.ts';

/** Moments at which more than one database took writes. */
export function findTwoWriters(changes: Writability[]): number[] {
  const open = new Set<string>();
  return changes.flatMap(({ at, resourceId, writable }) => {
    if (writable) open.add(resourceId);
    else open.delete(resourceId);
    return open.size > 1 ? [at] : [];
  });
}
