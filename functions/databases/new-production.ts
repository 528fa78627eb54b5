import type { ChangeCounts } from '../domain/way-back/facts.ts';
import { askDatabase, busyIsNoAnswer, identityOf, placeOf } from './ask.ts';
import { questionOf, type WayBackEvent } from './question.ts';

/** New production as it was found while RDS still finishes the switchover. */
export interface EarlyProduction {
  /** Address by which it answered, `host:port`. */
  at: string;
  /** Rows that it had changed then. */
  changes: ChangeCounts;
}

/** Whether writes wait for new production to prove itself. Behind a binary log nobody is held but by a hook; found once, only RDS is waited for. */
export function isSought({ request, deployment, wayBack }: WayBackEvent): boolean {
  const waits = deployment.replication !== 'binlog' || request.hooks?.stopWrites !== undefined;
  return wayBack.possible && !wayBack.changes && waits;
}

/**
 * Looks once whether new production takes writes already. Which server answers is proved by the server itself; no answer means: not yet. All
 * names are asked at the same time, because one that leads nowhere any more may take seconds to say so.
 */
export async function findEarlyProduction(event: WayBackEvent): Promise<EarlyProduction | undefined> {
  const looks = await Promise.all(provingNames(event).map((at) => lookAt(event, at)));
  return looks.find((found) => found !== undefined);
}

/**
 * Production's name leads to green's server by an act of RDS alone, which comes after all of its own checks. Green's own name leads there all the
 * time, so it proves the cut only where green was seen not to take writes before it. Writes that a hook holds come back by production's name,
 * and must not come to old blue.
 */
function provingNames({ request, deployment: { blue, green }, wayBack }: WayBackEvent): string[] {
  const isOwnNameEnough = wayBack.closedBefore === true && !request.hooks?.stopWrites;
  return isOwnNameEnough && green ? [green.endpoint, blue.endpoint] : [blue.endpoint];
}

async function lookAt(event: WayBackEvent, at: string): Promise<EarlyProduction | undefined> {
  const { green } = event.deployment;
  if (!green) return undefined;
  const place = placeOf({ ...green, endpoint: at }, identityOf(event, 'green'));
  const seen = await askDatabase('takes-writes', { ...questionOf(event), ...place }).catch(busyIsNoAnswer);
  if (seen?.kind !== 'answer' || seen.facts.because !== null || !seen.facts.changes) return undefined;
  return { at, changes: seen.facts.changes };
}
