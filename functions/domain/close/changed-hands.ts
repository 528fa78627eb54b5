import type { Side } from '../model/deployment.ts';

/** A database as RDS describes it now, as far as it says whose it is. */
export interface DatabaseNow {
  id: string;
  resourceId: string;
  deletionProtection: boolean;
  /** What it replicates from; null: nothing. */
  replicaOf: string | null;
  /** What replicates from it. */
  replicas: string[];
}

type Known = Omit<DatabaseNow, 'replicas'>;

/**
 * What says that somebody has made a database theirs since the run knew it, with what was and what is; undefined when nothing does.
 * Protected, renamed, promoted, given a replica, put into the cluster: a person meant to keep it, and it is not the run's to delete.
 * @param known the side as the run read it last before it left it alone
 * @param now everything that would be deleted with the side
 */
export function findNewOwner(known: Side, now: DatabaseNow[]): string | undefined {
  for (const database of now) {
    const before = knownBefore(known, database.resourceId);
    const change = before ? findChange(before, database, known) : joined(database);
    if (change) return change;
  }
  return undefined;
}

/** The same, of a side that had the protection of another one when it was made: that protection is nobody's will about this side. */
export function withProtectionOf(side: Side, origin: Side): Side {
  const deletionProtection =
    origin.deletionProtection || origin.members.some((member) => member.deletionProtection);
  return {
    ...side,
    deletionProtection,
    members: side.members.map((member) => ({ ...member, deletionProtection })),
  };
}

function knownBefore(known: Side, resourceId: string): Known | undefined {
  const member = known.members.find((one) => one.resourceId === resourceId);
  if (member) return member;
  return known.resourceId === resourceId ? { ...known, replicaOf: null } : undefined;
}

const joined = ({ id, resourceId }: DatabaseNow): string =>
  `${id} (${resourceId}) has joined it since, and the run did not make it`;

function findChange(before: Known, now: DatabaseNow, known: Side): string | undefined {
  const { id, resourceId } = now;
  if (id !== before.id) return `${before.id} (${resourceId}) is called ${id} now: somebody has renamed it`;
  if (now.deletionProtection && !before.deletionProtection)
    return `${id} is protected against deletion, which it was not: somebody wants to keep it`;
  if (before.replicaOf !== null && now.replicaOf === null)
    return `${id} replicated from ${before.replicaOf} and does not any more: somebody has promoted it`;
  if (now.replicaOf !== null && before.replicaOf === null)
    return `${id} replicates from ${now.replicaOf}, which it did not: somebody uses it`;
  const own = [...known.replicas, ...known.members.map((member) => member.id)];
  const replica = now.replicas.find((name) => !own.includes(name));
  return replica && `${replica} replicates from ${id}, which it did not: somebody uses it`;
}
