import type { StateName } from '../functions/domain/model/states.ts';
import { type FoundKeys, judgeWrites } from '../packages/local-aws/servers/verification.ts';
import type { Visit } from './progress.ts';
import type { Hold, Moment, Period } from './report/types.ts';
import { type Gap, longestGap, type WorkloadResult, type Write } from './workload/workload.ts';

/** Between which states writes are held, by machine; the first pair that a run went through counts. */
const holds = {
  'blue-green-deployment': [
    ['Stop writes', 'Resume writes'],
    ['Hold application writes', 'Release application writes'],
  ],
  'roll-back': [
    ['Stop writes', 'Resume writes'],
    ['Fence new production', 'Open blue for writes'],
  ],
} as const satisfies Record<string, [from: StateName, to: StateName][]>;

/** From the answer that writes are held to the answer that they go on; null where that did not happen. */
export function measureHold(visits: Visit[], machine: keyof typeof holds): Hold | null {
  const own = visits.filter((visit) => visit.machine === machine);
  for (const [from, to] of holds[machine]) {
    const first = own.find(({ name }) => name === from)?.exitedAt;
    const last = own.findLast(({ name }) => name === to)?.exitedAt;
    if (first && last && last > first) return { from, to, ms: last - first, states: share(own, first, last) };
  }
  return null;
}

/** How long each state took of a stretch of time, in the order of entry. A state that is waited in again is one. */
function share(visits: Visit[], from: number, to: number): Hold['states'] {
  const times = new Map<string, number>();
  for (const { name, enteredAt, exitedAt } of visits) {
    const ms = Math.min(exitedAt ?? to, to) - Math.max(enteredAt, from);
    if (ms >= 0 && enteredAt >= from && enteredAt < to) times.set(name, (times.get(name) ?? 0) + ms);
  }
  return [...times].filter(([name]) => !name.endsWith('?')).map(([name, ms]) => ({ name, ms }));
}

/** The longest gap that has to do with these states; null when the run did not come there. */
function gapAround(
  { writes }: WorkloadResult,
  visits: Visit[],
  first: StateName,
  last: StateName,
): Gap | null {
  const from = visits.find(({ name }) => name === first)?.enteredAt;
  const to = visits.findLast(({ name }) => name === last)?.exitedAt;
  return from !== undefined && to ? longestGap(writes, from, to) : null;
}

/** The gap of the cut, and of going back; null where there was none. */
export function measureGaps(result: WorkloadResult, visits: Visit[]): { cut: Gap | null; back: Gap | null } {
  return {
    cut: gapAround(result, visits, 'Start switchover', 'Find production side'),
    back: gapAround(result, visits, 'Fence new production', 'Open blue for writes'),
  };
}

export const asMoment = ({ ms, from }: Gap): Moment => ({ longestWriteGapMs: ms, gapAt: from });

/**
 * The acknowledged writes by the side that took them: nothing was acknowledged inside a gap, so its beginning divides them.
 * @param gaps of the cut and of going back
 */
export function dividePeriods(
  found: FoundKeys,
  writes: Pick<Write, 'writer' | 'n' | 'at'>[],
  gaps: { cut: Gap | null; back: Gap | null },
): Period[] {
  const ends = [gaps.cut?.from, gaps.back?.from].filter((at) => typeof at === 'number');
  const names = ['in blue’s time', 'in new production’s time', 'after going back'];
  return [...ends, Number.POSITIVE_INFINITY].map((end, index) => {
    const begin = index === 0 ? Number.NEGATIVE_INFINITY : (ends[index - 1] ?? 0);
    const own = writes.filter(({ at }) => at > begin && at <= end);
    return { name: names[index] ?? '', ...judgeWrites(found, own) };
  });
}
