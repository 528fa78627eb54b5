import { type Peaks, peakDays } from '../../domain/approval/size.ts';
import type { Side } from '../../domain/model/deployment.ts';
import { type Reading, unreadable } from '../../domain/model/reading.ts';
import { orUnreadable } from '../readings.ts';
import { readMetrics, type Series } from './metrics.ts';

const day = 86_400_000;

/**
 * The most that the writer of a side needed in the last fortnight, by the hour. A measurement that cannot be had is told, and keeps nobody from
 * deciding.
 * @param now milliseconds since the epoch
 */
export async function readPeaks({ members }: Side, now: number): Promise<Reading<Peaks>> {
  const writer = members.find(({ role }) => role === 'writer');
  if (!writer) return unreadable('RDS names no writer of blue');
  return orUnreadable(readPeaksOf(writer.id, now));
}

async function readPeaksOf(instance: string, now: number): Promise<Peaks> {
  const span = { since: now - peakDays * day, until: now, periodSeconds: 3_600 };
  const query = { ...span, dimensions: { DBInstanceIdentifier: instance } };
  const [[cpu, connections], [memory]] = await Promise.all([
    readMetrics({ ...query, metrics: ['CPUUtilization', 'DatabaseConnections'], statistic: 'Maximum' }),
    readMetrics({ ...query, metrics: ['FreeableMemory'], statistic: 'Minimum' }),
  ]);
  return {
    cpu: pick(cpu, Math.max),
    connections: pick(connections, Math.max),
    freeMemory: pick(memory, Math.min),
  };
}

function pick(series: Series | undefined, choose: (...values: number[]) => number): number | null {
  const values = series?.points.map(({ value }) => value).filter(Number.isFinite) ?? [];
  return values.length === 0 ? null : choose(...values);
}
