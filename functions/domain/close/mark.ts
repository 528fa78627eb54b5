import { databaseTag, executionTag, greenTag, removableTag, sideTag, sweepableTag } from '../model/tags.ts';

/**
 * What a database is marked as: `green`, which may be removed with its deployment; `green-to-change`, which may be failed over and changed; either
 * side after the cut; or `sweepable`, which may be deleted.
 */
export type Mark = 'green' | 'green-to-change' | 'old-blue' | 'new-production' | 'sweepable';

/** A database that is to be marked, as the function that asks knows it. */
export interface ToMark {
  arn: string;
  resourceId: string;
  mark: Mark;
}

/** What `markDatabases` is asked. It believes nothing of it that it can read. */
export interface MarkRequest {
  executionArn: string;
  databases: ToMark[];
}

/** `refused`: nothing was marked, for a reason that asking again does not change. `turned-away`: AWS admits no more calls for now. */
export type MarkResult = { kind: 'marked' } | { kind: 'refused' | 'turned-away'; because: string };

/** A database as it was just read. */
export interface DatabaseSeen {
  /** The name that it has now. */
  id: string;
  resourceId: string;
  /** `DBClusterIdentifier` of an instance. */
  cluster: string | null;
  /** `ReadReplicaSourceDBInstanceIdentifier`. */
  replicaOf: string | null;
  /** Its own tags, or for an instance of a cluster those of the cluster where its own name no run. */
  tags: Record<string, string>;
}

/** What is known of the run for which something is marked. */
export interface MarkingRun {
  executionArn: string;
  /** Whether it may still act. */
  open: boolean;
  /** Name of production, from the input of the run. */
  production: string;
  /** Names of green in the run's deployment, before the cut; null where there is no such deployment. */
  green: string[] | null;
}

/** Why a database is not marked; undefined when nothing speaks against it. */
export function findMarkObstacle(
  { mark, resourceId, arn }: ToMark,
  seen: DatabaseSeen | undefined,
  run: MarkingRun,
): string | undefined {
  if (!run.open) return `the run ${run.executionArn} is not open`;
  if (!seen) return `there is no database ${arn}`;
  if (seen.resourceId !== resourceId)
    return `${seen.id} is ${seen.resourceId}, not ${resourceId}: the name has changed hands`;
  if (mark === 'new-production')
    return isProduction(seen, run) ? undefined : `${seen.id} does not belong to ${run.production}`;
  if (mark === 'green' || mark === 'green-to-change') {
    const names = run.green ?? [];
    if (seen.id === run.production || !(names.includes(seen.id) || names.includes(seen.cluster ?? '')))
      return `${seen.id} is not green of the run's deployment, before a cut`;
    return undefined;
  }
  if (isProduction(seen, run)) return `${seen.id} belongs to production, ${run.production}`;
  if (mark === 'sweepable' && seen.tags[executionTag] !== run.executionArn)
    return `${seen.id} names ${seen.tags[executionTag] ?? 'no run'} in its tag ${executionTag}`;
  return undefined;
}

/** Production itself, an instance of its cluster, or a replica of it. */
function isProduction({ id, cluster, replicaOf }: DatabaseSeen, { production }: MarkingRun): boolean {
  return [id, cluster, replicaOf].includes(production);
}

/** The tags of a mark. */
export function tagsOfMark(mark: Mark, { executionArn, production }: MarkingRun): Record<string, string> {
  switch (mark) {
    case 'green':
      return { [removableTag]: executionArn };
    case 'green-to-change':
      return { [greenTag]: executionArn };
    case 'sweepable':
      return { [sweepableTag]: executionArn };
    default:
      return { [executionTag]: executionArn, [databaseTag]: production, [sideTag]: mark };
  }
}
