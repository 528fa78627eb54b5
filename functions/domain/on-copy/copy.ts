import { createHash } from 'node:crypto';
import type { Database } from '../model/deployment.ts';
import { databasePhase } from '../model/phase.ts';
import { copyTag } from '../model/tags.ts';
import { cloneWriterName, type FoundClone } from '../way-back/target.ts';

/** Begins the name of everything that a rehearsal makes. IAM holds the functions of a rehearsal to names that begin so. */
export const copyPrefix = 'viridian-copy-';

/** Begins the name of the run on a copy, and of the execution that goes back there. IAM lets a clean-up stop no other. */
export const copyRunPrefix = 'copy-';

/** Short enough for what RDS and a run append: `-green-abcdef`, `-old1`, `-1`. */
const longestPart = 18;

const digestOf = (rehearsal: string, length: number): string =>
  createHash('sha256').update(rehearsal).digest('hex').slice(0, length);

/** Name of the copy: it follows from the rehearsal, so that a repeated attempt finds the copy of the first. */
export function copyName(rehearsal: string, { id }: Pick<Database, 'id'>): string {
  // No name of RDS has two hyphens side by side.
  const part = id.slice(0, longestPart).replace(/-$/, '');
  return `${copyPrefix}${part}-${digestOf(rehearsal, 8)}`;
}

/** Name of the run on the copy, and of the execution that goes back there. */
export function namesOfExecutions(rehearsal: string): { run: string; goingBack: string } {
  const digest = digestOf(rehearsal, 24);
  return { run: `${copyRunPrefix}${digest}`, goingBack: `${copyRunPrefix}back-${digest}` };
}

/** What is to be done for a copy: one step at a time, each after a new look. */
export type CopyStep =
  | { kind: 'copy' }
  | { kind: 'add-writer'; to: string; as: string }
  | { kind: 'busy'; because: string }
  | { kind: 'made'; copy: FoundClone['side'] }
  | { kind: 'no'; because: string };

/**
 * The next step of making the copy of a rehearsal. A database of the same name without the rehearsal's tag is left alone.
 * @param groups security groups that stand on the copy and its instances: nothing runs on it before they are the one that the stack names
 */
export function nextCopyStep(
  rehearsal: string,
  found: FoundClone | undefined,
  { groups, wanted }: { groups: string[]; wanted: string },
): CopyStep {
  if (!found) return { kind: 'copy' };
  const { side, tags } = found;
  if (tags[copyTag] !== rehearsal)
    return { kind: 'no', because: `${side.id} is not the copy of this rehearsal (tag ${copyTag})` };
  const parts = [side, ...side.members];
  const lost = parts.find(({ status }) => ['stuck', 'going'].includes(databasePhase(status)));
  if (lost) return { kind: 'no', because: `${lost.id} is ${lost.status}` };
  const strange = groups.find((group) => group !== wanted);
  if (strange)
    return { kind: 'no', because: `${side.id} has the security group ${strange}, not ${wanted} alone` };
  const busy = parts.find(({ status }) => databasePhase(status) !== 'available');
  if (busy) return { kind: 'busy', because: `${busy.id} is ${busy.status || 'without a status'}` };
  if (side.members.length === 0) return { kind: 'add-writer', to: side.id, as: cloneWriterName(side.id) };
  return side.endpoint
    ? { kind: 'made', copy: side }
    : { kind: 'busy', because: `${side.id} has no address` };
}
