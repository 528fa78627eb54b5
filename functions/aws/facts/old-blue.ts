import { findNewOwner } from '../../domain/close/changed-hands.ts';
import {
  judgeSessions,
  longestLook,
  type Sessions,
  sessionsMetric,
  settling,
} from '../../domain/close/sessions.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { readMetrics } from '../cloudwatch/metrics.ts';
import type { DatabaseToDelete } from '../rds/delete-databases.ts';

const minute = 60_000;
const kept = 'old blue is kept, and what to do with it is for a person to decide';

/**
 * Rejects when somebody has made old blue theirs, or uses it; Busy as long as that is not known.
 * @param oldBlue every database of old blue as RDS describes it now
 * @param since when the run left old blue alone, so that nobody must have been connected from then on; milliseconds since the epoch
 */
export async function refuseIfInUse(
  { blue }: Deployment,
  oldBlue: DatabaseToDelete[],
  since: number,
  now: number,
): Promise<void> {
  const left = oldBlue.filter(({ status }) => status !== 'deleting');
  const owner = findNewOwner(blue, left);
  if (owner) throw new CleanupIncomplete(`${owner}; ${kept}`);
  const from = Math.max(since + settling, now - longestLook);
  const sessions = judgeSessions(await readSessions(left, from, now), from, now);
  if (sessions.kind === 'no') throw new CleanupIncomplete(`${sessions.because}; ${kept}`);
  if (sessions.kind === 'not-yet') throw new Busy(sessions);
}

/** Of the instances that can have clients: one that is stopped has none. */
async function readSessions(left: DatabaseToDelete[], since: number, until: number): Promise<Sessions[]> {
  const instances = left.filter(({ kind, status }) => kind === 'instance' && status !== 'stopped');
  return Promise.all(
    instances.map(async ({ id }) => {
      const [series] = await readMetrics({
        metrics: [sessionsMetric],
        dimensions: { DBInstanceIdentifier: id },
        // A point is of a whole minute, and CloudWatch refuses a time of no length.
        since: Math.min(since, until) - minute,
        until,
        periodSeconds: minute / 1_000,
        statistic: 'Maximum',
      });
      return { id, points: series?.points ?? [] };
    }),
  );
}
