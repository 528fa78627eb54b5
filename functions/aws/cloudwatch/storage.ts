import { findStorageHarm } from '../../domain/hold/storage.ts';
import type { Deployment, StorageReading } from '../../domain/model/deployment.ts';
import { isAurora } from '../../domain/model/engine.ts';
import { ProvisioningFailed } from '../../domain/model/errors.ts';
import { isRead, type Reading, read, unreadable } from '../../domain/model/reading.ts';
import { orUnreadable } from '../readings.ts';
import { readMetrics } from './metrics.ts';

const minute = 60_000;
/** An older point says nothing of now. RDS publishes one a minute, a few minutes late. */
const freshFor = 10 * minute;

/**
 * How much storage blue has left while it keeps its log for green; undefined on Aurora, whose storage grows by itself. Only what was measured
 * ends a run: where nothing can be read, that is told to those who decide.
 * @param now milliseconds since the epoch
 * @throws ProvisioningFailed when green is to be given up for blue's sake
 */
export async function refuseStorageHarm(
  { database, blue }: Pick<Deployment, 'database' | 'blue'>,
  now: number,
): Promise<Reading<StorageReading> | undefined> {
  if (isAurora(database.engine)) return undefined;
  const writer = blue.members.find(({ role }) => role === 'writer');
  const reading = await orUnreadable(readStorage(writer?.id ?? '', now));
  const storage = isRead(reading) ? reading.value : reading;
  const harm = findStorageHarm(blue, storage);
  if (harm) throw new ProvisioningFailed(harm);
  return storage;
}

async function readStorage(instance: string, now: number): Promise<Reading<StorageReading>> {
  const [free, kept] = await readMetrics({
    metrics: ['FreeStorageSpace', 'OldestReplicationSlotLag'],
    dimensions: { DBInstanceIdentifier: instance },
    since: now - freshFor,
    until: now,
    periodSeconds: 60,
    statistic: 'Average',
  });
  const freeBytes = free?.points[0]?.value;
  // RDS writes -1 where it does not know.
  const keptBytes = kept?.points.find(({ value }) => value >= 0)?.value ?? null;
  return freeBytes === undefined
    ? unreadable(`FreeStorageSpace has no point in the last ${freshFor / minute} minutes`)
    : read({ freeBytes, keptBytes });
}
