import { limits } from '../model/limits.ts';
import type { Request } from '../request/request.ts';

/** How both sides are compared while nobody can write. */
export type Comparison = NonNullable<Request['wayBack']['compare']>;
/** From the weakest to the strongest. */
export const comparisons: readonly Comparison[] = ['none', 'counts', 'checksums'];

/** What was planned, and what approvers are told of it. */
export interface PlannedComparison {
  compare: Comparison;
  warnings: string[];
}

/** Less is read within a minute or two also from a small volume (100 MB a second). GiB. */
const soonCompared = 10;

/** MiB a second that one session was measured to read of each side, both at once: docs/way-back.md, "Large databases". */
const throughput = { counts: 100, checksums: 30 } as const;

const byPosition = 'that everything has arrived is proved by position in any case';

/**
 * Decides before anybody approves, since comparing holds writes: it ends after a quarter of an hour, and then production stays where it is. A request that
 * says nothing compares only what is read soon.
 * @param gib of all databases of the way back
 */
export function planComparison(asked: Comparison | undefined, gib: number): PlannedComparison {
  const compare = asked ?? 'counts';
  if (compare === 'none' || gib < soonCompared) return { compare, warnings: [] };
  const minutes = Math.ceil((gib * 1_024) / throughput[compare] / 60);
  const time = `for about ${minutes} minutes`;
  if (asked === undefined)
    return {
      compare: 'none',
      warnings: [
        `going back does not compare the rows of both sides, which would read ${gib} GiB on each ${time} while nobody can write (wayBack.compare counts does so all the same); ${byPosition}`,
      ],
    };
  const given = limits.comparison / 60;
  const reads = `going back reads ${gib} GiB on each side to compare them (${compare}) while nobody can write, ${time}`;
  return {
    compare,
    warnings: [
      minutes < given
        ? `${reads}; with wayBack.compare none it does not`
        : `${reads}, and ${given} are given: going back would hold writes so long, fail, and leave production where it is, also where onFailure is go-back. Set wayBack.compare to none, or give "compare": "none" to the execution that goes back; ${byPosition}`,
    ],
  };
}

/** How a run compares when it goes back: as its request says, or as was planned before the approval. */
export function comparisonOf({
  request,
  wayBack,
}: {
  request: Pick<Request, 'wayBack'>;
  /** `$wayBack` of the run. */
  wayBack?: { compare?: Comparison } | undefined;
}): Comparison {
  return request.wayBack.compare ?? wayBack?.compare ?? 'counts';
}
