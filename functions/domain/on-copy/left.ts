import { executionTag, sideTag } from '../model/tags.ts';
import { copyPrefix } from './copy.ts';

/** One database that carries the tag of a rehearsal, as RDS lists it now. */
export interface TaggedCopy {
  kind: 'cluster' | 'instance';
  name: string;
  arn: string;
  status: string;
  protection: boolean;
  /** Name of its cluster, on whose storage it is: it has no backups and no protection of its own then. Null: it is none's. */
  cluster: string | null;
  /** Names or ARNs of its instances, where it is a cluster, and of what replicates from it. */
  dependents: string[];
  tags: Record<string, string>;
}

/** A copy that a person has made theirs, with what says so: a rehearsal leaves it to them. */
export interface KeptCopy {
  copy: TaggedCopy;
  because: string;
}

/**
 * Which databases with the tag of a rehearsal are deleted, instances before clusters, and which are kept.
 * @param others names and ARNs of every database without the tag
 */
export function sortCopies(
  tagged: TaggedCopy[],
  others: ReadonlySet<string>,
): { toDelete: TaggedCopy[]; kept: KeptCopy[] } {
  const owned = tagged.flatMap((copy) => {
    const because = findOwnerOfCopy(copy, tagged, others);
    return because === undefined ? [] : [{ copy, because }];
  });
  const clusters = owned.flatMap(({ copy }) => (copy.kind === 'cluster' ? [copy.name] : []));
  const within = tagged
    .filter((copy) => !owned.some((one) => one.copy === copy))
    .filter(({ cluster }) => cluster !== null && clusters.includes(cluster))
    .map((copy) => ({ copy, because: `${copy.name} belongs to ${copy.cluster}, which is kept` }));
  const kept = [...owned, ...within];
  return { kept, toDelete: tagged.filter((copy) => !kept.some((one) => one.copy === copy)) };
}

/** Renamed, protected, given a replica or an instance: a person meant to keep it. The name and the tag are asked for together: neither alone is enough. */
function findOwnerOfCopy(
  copy: TaggedCopy,
  tagged: TaggedCopy[],
  others: ReadonlySet<string>,
): string | undefined {
  const { name, cluster, protection, dependents } = copy;
  if (!name.startsWith(copyPrefix))
    return `${name} carries the tag of the rehearsal and has not the name of a copy: somebody has renamed it, or tagged a database of theirs`;
  if (protection && cluster === null && !isMadeProtected(copy))
    return `${name} is protected against deletion, which it was not: somebody wants to keep it`;
  const ours = new Set(tagged.flatMap((one) => [one.name, one.arn]));
  // A name that RDS lists nowhere any more is that of a database which was just deleted; an ARN may be of another Region.
  const stranger = dependents.find(
    (one) => !ours.has(one) && (others.has(one) || (one.startsWith('arn:') && !isOfRegion(one, copy.arn))),
  );
  return stranger && `${stranger} depends on ${name} and is not of the rehearsal: somebody uses it`;
}

/** Copies are made unprotected, and so is what RDS builds from them; only the clone of a way back is made protected, under the tag of its run and without a side. */
const isMadeProtected = ({ kind, tags }: TaggedCopy): boolean =>
  kind === 'cluster' && executionTag in tags && !(sideTag in tags);

const regionOf = (arn: string): string | undefined => arn.split(':')[3];
const isOfRegion = (arn: string, other: string): boolean => regionOf(arn) === regionOf(other);

/** Of a database that is left: what deletes it, in this order. */
export function deletionOf({ kind, name, cluster, protection }: TaggedCopy): string[] {
  const named =
    kind === 'cluster' ? `db-cluster --db-cluster-identifier` : `db-instance --db-instance-identifier`;
  return [
    ...(protection && cluster === null
      ? [`aws rds modify-${named} ${name} --no-deletion-protection --apply-immediately`]
      : []),
    `aws rds delete-${named} ${name} --skip-final-snapshot`,
  ];
}

/** Takes the tag off a database that a person keeps: no clean-up speaks of it then. */
export const keepingOf = ({ arn }: TaggedCopy, tag: string): string =>
  `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys ${tag}`;
