import { Busy } from '../domain/model/errors.ts';
import type { ChangeCounts } from '../domain/way-back/facts.ts';
import { askDatabase, identityOf, placeOf } from './ask.ts';
import { questionOf, type WayBackEvent } from './question.ts';

/** New production as it was found while RDS still finishes the switchover. */
export interface EarlyProduction {
  /** Address by which it answered, `host:port`. */
  at: string;
  /** Rows that it had changed then. */
  changes: ChangeCounts;
}

/**
 * Looks once whether new production takes writes already, by either name that may lead to it: that of production may lag, and green's own is
 * removed later. Which server answers is proved by the server itself; no answer means: not yet.
 */
export async function findEarlyProduction(event: WayBackEvent): Promise<EarlyProduction | undefined> {
  const { blue, green } = event.deployment;
  for (const at of [blue.endpoint, green?.endpoint ?? '']) {
    const changes = await countAt(event, at).catch((error: unknown) => {
      if (error instanceof Busy) return undefined;
      throw error;
    });
    if (changes) return { at, changes };
  }
  return undefined;
}

async function countAt(event: WayBackEvent, at: string): Promise<ChangeCounts | undefined> {
  const { green } = event.deployment;
  if (!green) return undefined;
  const asked = { ...questionOf(event), ...placeOf({ ...green, endpoint: at }, identityOf(event, 'green')) };
  const seen = await askDatabase('takes-writes', asked);
  if (seen.kind !== 'answer' || !seen.facts.takesWrites) return undefined;
  const { applicationRoles } = event.request.wayBack;
  const counted = await askDatabase('hold-writes', { ...asked, applicationRoles });
  if (counted.kind !== 'answer') return undefined;
  const { writers, changes } = counted.facts;
  const isWriting = writers.some(({ writing, prepared }) => writing || prepared !== undefined);
  return isWriting ? undefined : (changes ?? undefined);
}
