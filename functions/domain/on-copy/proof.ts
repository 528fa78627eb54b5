import { sealedText, type VerifySeal } from '../approval/seal.ts';
import type { Verdict } from '../model/deployment.ts';
import { copyTag } from '../model/tags.ts';
import type { Request } from '../request/request.ts';
import { copyPrefix } from './copy.ts';

/** `copy` of a request: proves that the database of a run is the copy of a rehearsal, so that nobody needs to approve it. */
export interface CopyProof {
  /** ARN of the rehearsal. */
  rehearsal: string;
  /** Resource id of the copy. */
  resourceId: string;
  seal: string;
}

/** The text that the rehearsal's key seals: one run, of one database. */
export function textOfCopy(
  executionArn: string,
  { rehearsal, resourceId }: Pick<CopyProof, 'rehearsal' | 'resourceId'>,
): string {
  return sealedText('copy', JSON.stringify([executionArn, rehearsal, resourceId]));
}

export interface CopyFacts {
  /** ARN of the run. */
  executionArn: string;
  request: Pick<Request, 'copy' | 'wayBack' | 'hooks' | 'readRamp'>;
  /** Blue as it was just read, by its name and resource id. */
  blue: { id: string; resourceId: string };
  /** Its tags; undefined where they were not read again. */
  tags?: Record<string, string>;
  /** Of the key that only the maker of copies may seal with. The preconditions, which create nothing, go without it. */
  verifySeal?: VerifySeal;
}

/**
 * Whether a run that says to be on a copy is: the machine approves nothing else. Asked before anything is created, by name, id and tag, and
 * just before the cut by the seal. Ready as well for a request without `copy`.
 */
export async function judgeCopy(facts: CopyFacts): Promise<Verdict<null>> {
  const { copy, wayBack, hooks, readRamp } = facts.request;
  if (!copy) return { kind: 'ready', facts: null };
  const { blue, tags, executionArn, verifySeal } = facts;
  const problems = [
    !blue.id.startsWith(copyPrefix) && `${blue.id} has not the name of a copy`,
    blue.resourceId !== copy.resourceId && `${blue.id} is ${blue.resourceId}, not ${copy.resourceId}`,
    tags && tags[copyTag] !== copy.rehearsal && `${blue.id} has not the tag of the rehearsal`,
    wayBack.endpoint.kind !== 'rename' && 'a record would be led away from production',
    readRamp && 'readers would be led away from production',
    (hooks.stopWrites ?? hooks.resumeWrites ?? hooks.handOver) &&
      'hooks would stop the writes of production, or lead its consumers away',
    verifySeal &&
      !(await verifySeal(textOfCopy(executionArn, copy), copy.seal)) &&
      'its seal is not the one of the rehearsal for this run',
  ].filter((problem) => typeof problem === 'string');
  if (problems.length === 0) return { kind: 'ready', facts: null };
  return { kind: 'no', because: `this is no run on a copy: ${problems.join('; ')}` };
}
