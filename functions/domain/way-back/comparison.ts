import { limits } from '../model/limits.ts';
import type { Request } from '../request/request.ts';
import type { DatabaseFacts } from './facts.ts';

/** How both sides are compared while nobody can write. */
export type Comparison = NonNullable<Request['wayBack']['compare']>;
/** From the weakest to the strongest. */
export const comparisons: readonly Comparison[] = ['none', 'counts', 'checksums'];

/** What was planned, and what approvers are told of it. */
export interface PlannedComparison {
  compare: Comparison;
  warnings: string[];
}

/** Comparing may hold writes so long where the request does not ask for it: as long as the fence and its proofs around it. Seconds. */
const soonCompared = 10;

/** MiB a second that one session was measured to read of each side, both at once: docs/way-back.md, "Large databases". */
const throughput = { counts: 100, checksums: 30 } as const;

/** Of opening and planning a table on both sides, whatever is in it: 1 ms was measured on a quiet server, 12 on a busy one. Seconds. */
const perTable = 0.005;

const byPosition = 'that everything has arrived is proved by position in any case';

/**
 * Decides before anybody approves, since comparing holds writes: it ends after a quarter of an hour, and then production stays where it is. A request that
 * says nothing compares only what is read soon.
 */
export function planComparison(asked: Comparison | undefined, databases: ComparedSize[]): PlannedComparison {
  const compare = asked ?? 'counts';
  if (compare === 'none') return { compare, warnings: [] };
  const size = addUp(databases);
  const seconds = secondsToCompare(compare, size);
  if (seconds < soonCompared) return { compare, warnings: [] };
  const time = `for about ${nameTime(seconds)}`;
  const read = nameSize(size);
  if (asked === undefined)
    return {
      compare: 'none',
      warnings: [
        `going back does not compare the rows of both sides, which would read ${read} on each ${time} while nobody can write (wayBack.compare counts does so all the same); ${byPosition}`,
      ],
    };
  const reads = `going back reads ${read} on each side to compare them (${compare}) while nobody can write, ${time}`;
  return {
    compare,
    warnings: [
      seconds < limits.comparison
        ? `${reads}; with wayBack.compare none it does not`
        : `${reads}, and ${limits.comparison / 60} minutes are given: going back would hold writes so long, fail, and leave production where it is, also where onFailure is go-back. Set wayBack.compare to none, or give "compare": "none" to the execution that goes back; ${byPosition}`,
    ],
  };
}

/** Of one database, or of all: tables, and the bytes of their rows. */
type ComparedSize = Pick<DatabaseFacts, 'tables' | 'bytes'>;

function secondsToCompare(compare: keyof typeof throughput, { tables, bytes }: ComparedSize): number {
  return bytes / 2 ** 20 / throughput[compare] + tables * perTable;
}

function nameSize({ tables, bytes }: ComparedSize): string {
  return `${tables} ${tables === 1 ? 'table' : 'tables'} of ${Math.ceil(bytes / 2 ** 30)} GiB`;
}

function addUp(databases: ComparedSize[]): ComparedSize {
  return databases.reduce(
    (sum, { tables, bytes }) => ({ tables: sum.tables + tables, bytes: sum.bytes + bytes }),
    { tables: 0, bytes: 0 },
  );
}

function nameTime(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
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
