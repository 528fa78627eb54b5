import { comparePositions } from '../../domain/way-back/log-position.ts';
import { readEvents } from './log.ts';
import type { Session } from './session.ts';

/** Where the first write of new production itself stands in its log. */
export interface Boundary {
  /** Old blue has everything before it. */
  start: string;
  /** Server id of whoever wrote what lies before it; null where nothing was written between the two looks. */
  origin: number | null;
  /** What blue wrote lies behind it as well, because new production wrote first: rows of the service, before the cut. */
  early: boolean;
}

const beginnings = ['Gtid', 'Anonymous_Gtid', 'Gtid_tagged'];

/**
 * Computes it while the application writes: green's log names for every transaction the server that wrote it first. Until the cut that is blue.
 * @param before a position of this log shortly before the cut
 * @param after one after it: blue brings nothing any more
 */
export async function findBoundary(session: Session, before: string, after: string): Promise<Boundary> {
  let start: string | undefined;
  let origin: number | null = null;
  let early = false;
  await readEvents(session, before, (event) => {
    if (beginnings.includes(event.kind)) {
      const own = event.serverId === session.serverId;
      if (own) start ??= event.position;
      else {
        origin = event.serverId;
        early ||= start !== undefined;
      }
    }
    return comparePositions(event.position, after) < 0;
  });
  return { start: start ?? after, origin, early };
}
