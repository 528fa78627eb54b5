import type { Change } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import type { Writability } from '../../rehearsal/invariants/evidence.ts';

/**
 * When each database took writes of applications: while it is writable and some name leads to it. Behind a fence no name does.
 */
export function readWritability(history: readonly Change[]): Writability[] {
  const writable = new Set<string>();
  const names = new Map<string, string>();
  const open = new Set<string>();
  const changes: Writability[] = [];
  for (const change of history) {
    if (change.kind === 'writable') mark(writable, change.resourceId, change.writable);
    if (change.kind === 'pointed') {
      if (change.resourceId === undefined) names.delete(change.name);
      else names.set(change.name, change.resourceId);
    }
    const reached = new Set(names.values());
    // Whoever closes is told before whoever opens: both happen in the same change only when a name moves.
    for (const resourceId of [...open].filter((id) => !writable.has(id) || !reached.has(id))) {
      open.delete(resourceId);
      changes.push({ at: change.at, resourceId, writable: false });
    }
    for (const resourceId of [...writable].filter((id) => reached.has(id) && !open.has(id))) {
      open.add(resourceId);
      changes.push({ at: change.at, resourceId, writable: true });
    }
  }
  return changes;
}

function mark(set: Set<string>, value: string, present: boolean): void {
  if (present) set.add(value);
  else set.delete(value);
}
