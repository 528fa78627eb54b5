import type { Side } from '../model/deployment.ts';
import { type Hardware, hardwareOf } from '../model/instance-class.ts';
import { isRead, type Reading } from '../model/reading.ts';

/** The most that blue's writer needed in {@link peakDays}; null where nothing was measured. */
export interface Peaks {
  /** `CPUUtilization`, percent. */
  cpu: number | null;
  /** The least `FreeableMemory`, bytes. */
  freeMemory: number | null;
  /** `DatabaseConnections`. */
  connections: number | null;
}

/** CloudWatch keeps points of a minute for 15 days. */
export const peakDays = 14;

/** From so much on it is said that green has less than blue needed. Percent. */
const full = 100;

/** What production will be, beside what it needed: green becomes production as it is. */
export function describeSize(blue: Side, green: Side | undefined, peaks: Reading<Peaks> | undefined): string {
  const from = classOf(blue);
  const to = green && classOf(green);
  const change =
    from === to ? `the class of blue, ${from}` : `${from} -> ${to ?? 'not known'}, and becomes production so`;
  if (!peaks) return change;
  if (!isRead(peaks)) return `${change}. What blue needed is not known: ${peaks.unreadable}`;
  const needed = describePeaks(peaks.value, hardwareOf(from));
  const estimate = to === undefined || from === to ? '' : describeEstimate(peaks.value, from, to);
  return `${change}. In ${peakDays} days blue needed at most ${needed}${estimate}`;
}

const classOf = ({ members }: Side): string =>
  members.find(({ role }) => role === 'writer')?.instanceClass ?? 'not known';

function describePeaks({ cpu, freeMemory, connections }: Peaks, has: Hardware | undefined): string {
  const memory = usedGiB(freeMemory, has);
  return [
    cpu === null ? 'an unknown share of its CPU' : `${Math.round(cpu)} % of its CPU`,
    memory === undefined || !has
      ? 'an unknown part of its memory'
      : `${memory.toFixed(1)} of ${has.memoryGiB} GiB of memory`,
    connections === null ? 'an unknown number of connections' : `${Math.round(connections)} connections`,
  ].join(', ');
}

/** A vCPU of another generation does another amount of work, so this is about right at best. */
function describeEstimate({ cpu, freeMemory }: Peaks, from: string, to: string): string {
  const [had, has] = [hardwareOf(from), hardwareOf(to)];
  if (!had || !has)
    return '. What that is on green is not known: one of the classes is in no table of Viridian';
  const share = cpu === null ? undefined : (cpu * had.vcpus) / has.vcpus;
  const memory = usedGiB(freeMemory, had);
  const told = [
    share === undefined
      ? []
      : `about ${Math.round(share)} % of the CPU${share >= full ? ', MORE THAN IT HAS' : ''}`,
    memory === undefined
      ? []
      : `${memory.toFixed(1)} of ${has.memoryGiB} GiB of memory${memory >= has.memoryGiB ? ', MORE THAN IT HAS' : ''}`,
  ].flat();
  return told.length === 0 ? '' : `; on green that is ${told.join(', and ')}`;
}

/** Memory of the class less what was free at the worst: caches of the database are in it, so all of it is rarely needed. */
function usedGiB(free: number | null, has: Hardware | undefined): number | undefined {
  return free === null || !has ? undefined : Math.max(0, has.memoryGiB - free / 2 ** 30);
}
