import { afterTheCut } from './after-the-cut.ts';
import { telling } from './announcements.ts';
import { beforeTheCut } from './before-the-cut.ts';
import { bounds } from './bounds.ts';
import type { Evidence } from './evidence.ts';
import { recording } from './recording.ts';
import type { Check, Result } from './types.ts';
import { writes } from './writes.ts';

const checks: Record<string, Check> = {
  ...writes,
  ...beforeTheCut,
  ...afterTheCut,
  ...telling,
  ...recording,
  ...bounds,
};

/** Checks every invariant that the evidence of one run speaks about, in the order of their numbers. */
export function checkInvariants(evidence: Evidence): Result[] {
  return Object.entries(checks)
    .toSorted(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))
    .flatMap(([id, check]) => {
      const found = check(evidence);
      if (!found) return [];
      const { promise, broken } = found;
      const holds = broken.length === 0;
      return [{ id, holds, detail: holds ? promise : `${promise}: ${broken.join('; ')}` }];
    });
}
