import { hostOf, plainName, recordAddressOf } from '../way-back/address.ts';
import type { NamedDatabase } from '../way-back/rename-step.ts';
import { findStranger, type ReaderHosts, type ReadsSeen, ttlOf } from './record.ts';
import { longestTtl, propagation } from './step.ts';

/** What becomes of the readers' record when production goes back. */
export type ReadsStep =
  /** To where readers reach the rollback target, with the time to live that the record has. */
  | { kind: 'lead'; target: string; ttlSeconds: number }
  /** Every reader is led to the rollback target. */
  | { kind: 'done' }
  /** The name by which readers reach the rollback target is still to be given. */
  | { kind: 'not-yet' }
  /** Somebody else has changed it, and may know why. */
  | { kind: 'left-alone'; because: string };

/** Where "Swap the endpoint" left the readers. Null: the request names no record of theirs, or it needs no change yet. */
export type ReadsBack =
  /** ISO time until which readers may hold an answer that leads to new production. */
  | { staleUntil: string }
  /** Why the record could not be led to blue. Writes go back all the same. */
  | { failed: string }
  | null;

/**
 * What is to be done for the readers, read anew each time. Where production goes back by renames, the name of a cluster or of an instance alone
 * comes to the target with the last rename, and the record follows; the name of a replica does not.
 * @param hosts where readers reach the rollback target (`blue`) and new production (`green`) now
 */
export function nextReads(
  recordName: string,
  seen: ReadsSeen,
  hosts: ReaderHosts,
  lasts: boolean,
): ReadsStep {
  if (!lasts || hosts.blue === '') return { kind: 'not-yet' };
  const because = findStranger(plainName(recordName), seen, hosts);
  if (because) return { kind: 'left-alone', because };
  if (seen?.kind === 'weighted' && seen.sets.every(({ target }) => target === hosts.blue))
    return { kind: 'done' };
  return { kind: 'lead', target: hosts.blue, ttlSeconds: ttlOf(seen) ?? longestTtl };
}

/** Whether the rollback target keeps the name by which readers reach it now. @param host that name */
export function keepsItsName(
  { kind, id }: { kind: 'instance' | 'cluster'; id: string },
  request: unknown,
  target: NamedDatabase | undefined,
  host: string,
): boolean {
  if (!target) return false;
  const isOfReplica = kind === 'instance' && host !== hostOf(target.endpoint);
  return (
    recordAddressOf(request) !== undefined || isOfReplica || (target.id === id && target.pendingId === null)
  );
}

/** Until when a reader may hold the old answer of a record that is changed now. @param now milliseconds since the epoch */
export const staleAfterChange = (ttlSeconds: number, now: number): string =>
  new Date(now + propagation + ttlSeconds * 1_000).toISOString();

/** The later one of two ISO times of which either may be absent. */
export function laterOf(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) > Date.parse(other) ? one : other;
}
