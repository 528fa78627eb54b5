import type { Change } from './simulated-data-plane.ts';

/** What was true from `at` on, until the next moment. */
export interface Moment {
  at: number;
  /** Resource ids that accepted an application's write. */
  writable: ReadonlySet<string>;
  /** Where each name led; a name that is not here led nowhere. */
  leadsTo: ReadonlyMap<string, string>;
  /** The writable ones that a name led to: only those can an application write to. */
  reachable: ReadonlySet<string>;
}

/**
 * Every state that the databases were in, one for each change, in order: changes of the same instant too, so
 * that a second writer is seen even when it was there for no time at all.
 */
export function replay(history: readonly Change[]): Moment[] {
  const writable = new Set<string>();
  const leadsTo = new Map<string, string>();
  return history.map((change) => {
    if (change.kind === 'pointed') {
      if (change.resourceId === undefined) leadsTo.delete(change.name);
      else leadsTo.set(change.name, change.resourceId);
    } else if (change.kind === 'writable' && change.writable) writable.add(change.resourceId);
    else writable.delete(change.resourceId);
    const reachable = new Set([...leadsTo.values()].filter((resourceId) => writable.has(resourceId)));
    return { at: change.at, writable: new Set(writable), leadsTo: new Map(leadsTo), reachable };
  });
}

/** The state at an instant: after all changes up to it. */
export function stateAt(history: readonly Change[], at: number): Moment {
  const before = history.filter((change) => change.at <= at);
  return replay(before).at(-1) ?? { at, writable: new Set(), leadsTo: new Map(), reachable: new Set() };
}
