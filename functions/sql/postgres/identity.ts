import { type Identity, isMeant } from '../../domain/way-back/identity.ts';
import type { Place } from '../contract.ts';
import { Refused } from '../refused.ts';
import { probeRole } from './names.ts';

/**
 * The mark of a server is the comment on a role of ours: one for all databases of a server, no row that a stream could carry, and still there
 * after a restart and on a standby or a reader that has taken over.
 */
const mark = `shobj_description(to_regrole('${probeRole}')::oid, 'pg_authid')`;

/** Of the log that the server writes: the first eight hexadecimal digits in the name of its file. Null on a physical copy that is not promoted. */
export const timeline = `CASE WHEN NOT pg_is_in_recovery()
  THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END`;

/** In SQL, who the server is; Aurora is never asked for a timeline, because it has no use for one. */
export function showing(is: Identity | null | undefined): string {
  if (!is) return 'NULL AS mark, NULL AS timeline';
  const byMark = 'mark' in is || 'notMark' in is;
  return byMark ? `${mark} AS mark, NULL AS timeline` : `NULL AS mark, ${timeline} AS timeline`;
}

/** What {@link showing} has read. */
export type ShownRow = { mark: string | null; timeline: number | null } | undefined;

/** Rejects on a server that is not the one that is meant. */
export function requireMeant({ resourceId, host, is }: Place, shown: ShownRow): void {
  if (!is || (shown && isMeant(is, shown))) return;
  throw new Refused(
    'other-server',
    `another server than ${resourceId} answers at ${host}: its name does not lead there yet, or not any more`,
  );
}
