import { followRecord, hostOf, type RecordSeen } from './address.ts';
import type { Named } from './rename-step.ts';

/** The step that gives applications back to blue where they come by a record of Route 53. */
export type RecordStep =
  /** To RDS's own endpoint of the rollback target, with the time to live that the record has. */
  | { kind: 'point'; target: string; ttlSeconds: number }
  | { kind: 'busy'; because: string }
  /** It leads there; old DNS answers live for so long. */
  | { kind: 'done'; target: string; ttlSeconds: number }
  | { kind: 'unclear'; because: string };

/**
 * The next step, read anew each time. A record that leads to neither side was moved by somebody else, who may know why: it is
 * left alone.
 */
export function nextPointing(
  recordName: string,
  seen: RecordSeen,
  { target: wanted, green }: Named,
): RecordStep {
  if (!wanted) return { kind: 'unclear', because: 'the rollback target is not there' };
  if (seen?.kind !== 'cname')
    return { kind: 'unclear', because: `${recordName} is ${seen ? seen.what : 'not there'}` };
  const target = hostOf(wanted.endpoint);
  if (!target || wanted.pendingId !== null)
    return {
      kind: 'busy',
      because: `the rollback target (${wanted.resourceId}) has no lasting address: it is ${wanted.status}`,
    };
  const { ttlSeconds } = seen;
  switch (followRecord(seen, { target: wanted, green })) {
    case wanted.resourceId:
      return { kind: 'done', target, ttlSeconds };
    case green?.resourceId:
      return { kind: 'point', target, ttlSeconds };
    default:
      return { kind: 'unclear', because: `${recordName} leads to ${seen.target}, which is neither side` };
  }
}
