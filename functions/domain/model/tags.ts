/** The tag by which a deployment, new production and old blue name their run. */
export const executionTag = 'viridian:execution';
/** The tag without which IAM lets nobody delete old blue or a clone; `markDatabases` puts it on, after a proof of its own. */
export const sweepableTag = 'viridian:sweepable';
/** The same for green. The cut replaces the tags of green. */
export const removableTag = 'viridian:removable';
/** The same without which nobody may fail a database over, or give a member of green another class. The cut takes it from green, too. */
export const greenTag = 'viridian:green';
/** The tag that says which side a database is since the cut: `old-blue` or `new-production`. */
export const sideTag = 'viridian:side';
/** The tag on new production that names the execution that goes back. */
export const goingBackTag = 'viridian:going-back';
/** The tag that its owner puts on the parameter group of an instance of MySQL or MariaDB, and without which IAM lets nobody set `read_only` in it. */
export const wayBackTag = 'viridian:way-back';
/** The tag that names the database, for people who look at a deployment. */
export const databaseTag = 'viridian:database';

/** The tag on everything that a rehearsal has made: ARN of its execution. RDS hands it on from the copy to green, and at the cut. */
export const copyTag = 'viridian:copy';

/** What RDS takes as the value of a tag (API reference, `Tag`). */
export const tagValuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** A blue/green deployment, as far as it says whose it is. */
export interface Owned {
  id: string;
  /** ARN of blue before the cut. */
  source: string;
  tags: Record<string, string>;
}

/** Whose a deployment is that stands where this run would create its own. */
export type Ownership =
  /** This run made it or has taken it up: it names this run. */
  | { kind: 'ours' }
  /** The request asks to take it up. */
  | { kind: 'to-adopt' }
  | { kind: 'foreign'; because: string };

/** Whether a run may work with a deployment. The name alone proves nothing: source and tag must fit. */
export function judgeOwnership(
  record: Owned,
  run: { executionArn: string; source: string; adopt?: string },
): Ownership {
  if (record.source.toLowerCase() !== run.source.toLowerCase())
    return {
      kind: 'foreign',
      because: `the deployment ${record.id} is for ${record.source}, not for ${run.source}`,
    };
  if (record.tags[executionTag] === run.executionArn) return { kind: 'ours' };
  if (record.id === run.adopt) return { kind: 'to-adopt' };
  const owner = record.tags[executionTag];
  return {
    kind: 'foreign',
    because: `the deployment ${record.id} belongs to ${owner ? `the run ${owner}` : 'somebody else'}; name it in "adopt" to take it up`,
  };
}
