import { createHash } from 'node:crypto';
import type { Database, Deployment, Side } from '../model/deployment.ts';
import { databasePhase } from '../model/phase.ts';
import { executionTag } from '../model/tags.ts';

/**
 * The rollback target: the database that receives what new production takes in, and that production goes back to. On RDS it is old
 * blue itself. On Aurora it is a copy-on-write clone of old blue, because RDS keeps old blue closed as long as the deployment record is
 * there.
 */
export type TargetKind = 'old-blue' | 'clone';

/** What a request leaves open follows from the kind of its database. */
export function targetKindOf(kind: Database['kind'], asked: TargetKind | undefined): TargetKind {
  return asked ?? (kind === 'cluster' ? 'clone' : 'old-blue');
}

/** The side that production goes back to. */
export function targetOf({ blue, clone }: Pick<Deployment, 'blue' | 'clone'>): Side {
  return clone ?? blue;
}

/** RDS takes 63 characters for a cluster's and an instance's name; the writer's is the longer one of the two. */
const longest = 63 - '-1'.length;

/**
 * Name of the clone, from the run and old blue's resource id: a repeated attempt finds the clone of the first, and no other run makes
 * the same name.
 */
export function cloneName(run: string, { database, blue }: Pick<Deployment, 'database' | 'blue'>): string {
  const digest = createHash('sha256').update(`${run} ${blue.resourceId}`).digest('hex').slice(0, 8);
  const ending = `-way-back-${digest}`;
  return `${database.id.slice(0, longest - ending.length).replace(/-$/, '')}${ending}`;
}

/** Name of the clone's only instance. */
export function cloneWriterName(clone: string): string {
  return `${clone}-1`;
}

/** The clone as it was just found by its name. */
export interface FoundClone {
  side: Side;
  tags: Record<string, string>;
}

/** What is to be done for a clone: one step at a time, each after a new look. */
export type CloneStep =
  | { kind: 'clone' }
  | { kind: 'add-writer'; to: string }
  | { kind: 'busy'; because: string }
  | { kind: 'made'; side: Side }
  | { kind: 'no'; because: string };

/** The next step of making the clone of a run. A database of the same name that does not carry the run's tag is left alone. */
export function nextCloneStep(run: string, found: FoundClone | undefined): CloneStep {
  if (!found) return { kind: 'clone' };
  const { side, tags } = found;
  if (tags[executionTag] !== run)
    return { kind: 'no', because: `${side.id} belongs to ${tags[executionTag] ?? 'somebody else'}` };
  const parts = [side, ...side.members];
  const lost = parts.find(({ status }) => ['stuck', 'going'].includes(databasePhase(status)));
  if (lost) return { kind: 'no', because: `${lost.id} is ${lost.status}` };
  const busy = parts.find(({ status }) => databasePhase(status) !== 'available');
  if (busy) return { kind: 'busy', because: `${busy.id} is ${busy.status || 'without a status'}` };
  if (side.members.length === 0) return { kind: 'add-writer', to: side.id };
  return side.endpoint ? { kind: 'made', side } : { kind: 'busy', because: `${side.id} has no address` };
}

export interface RemovalOfClone {
  run: string;
  /** The clone as it is now, by its resource id. */
  found: FoundClone;
  /** Resource ids that every address of production leads to; undefined: nothing. */
  production: (string | undefined)[];
  blue: string;
  green: string | undefined;
  /** Something of the way back may still stand. */
  open: boolean;
}

/** Why a clone must not be deleted now; undefined when nothing speaks against it. What cannot be proved speaks against it. */
export function findCloneObstacle({
  run,
  found,
  production,
  blue,
  green,
  open,
}: RemovalOfClone): string | undefined {
  const { side, tags } = found;
  if (open) return `the way back is not closed, and ${side.id} is its target`;
  const elsewhere = production.filter((leadsTo) => !green || leadsTo !== green);
  if (elsewhere.length > 0 || production.length === 0)
    return `production leads to ${elsewhere[0] ?? 'nothing'}, not to new production (${green ?? 'not known'})`;
  if ([blue, green].includes(side.resourceId)) return `${side.id} is not a copy that a run has made`;
  if (tags[executionTag] !== run) return `${side.id} belongs to ${tags[executionTag] ?? 'somebody else'}`;
  return undefined;
}
