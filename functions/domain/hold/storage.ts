import type { Side, StorageReading } from '../model/deployment.ts';
import { isRead, type Reading } from '../model/reading.ts';

/** Of the storage that blue has, in percent: RDS itself makes storage larger from here on, where it may. */
const littleLeft = 10;

/**
 * Why the run must let go of green, so that blue does not run full; undefined while it need not. It must when little is left and at least as
 * much again is log that is kept for green, which removing green frees. A full disk stops blue for everybody.
 * Source: RDS User Guide, "Amazon RDS storage autoscaling" (10 %), "Creating a blue/green deployment" (log is kept until green replays it).
 */
export function findStorageHarm(
  blue: Pick<Side, 'id' | 'storageGiB'>,
  reading: Reading<StorageReading> | undefined,
): string | undefined {
  if (!reading || !isRead(reading) || blue.storageGiB === null) return undefined;
  const { freeBytes, keptBytes } = reading.value;
  const isShort = freeBytes < (blue.storageGiB * 2 ** 30 * littleLeft) / 100;
  if (!isShort || keptBytes === null || keptBytes < freeBytes) return undefined;
  return `${blue.id} has ${showGiB(freeBytes)} of ${blue.storageGiB} GiB left and keeps ${showGiB(keptBytes)} of log for green: green is given up before the disk of production is full. Give blue more storage, find out why green does not follow, and start again`;
}

/** A line for those who decide; undefined where storage grows by itself, as on Aurora. */
export function describeStorage(
  blue: Pick<Side, 'storageGiB'>,
  reading: Reading<StorageReading> | undefined,
): { value: string; means: string } | undefined {
  if (!reading || blue.storageGiB === null) return undefined;
  if (!isRead(reading)) return { value: `not known: ${reading.unreadable}`, means: 'not known' };
  const { freeBytes, keptBytes } = reading.value;
  const kept =
    keptBytes === null
      ? 'how much log is kept for green is not measured'
      : `${showGiB(keptBytes)} of log kept for green`;
  const isShort = freeBytes < (blue.storageGiB * 2 ** 30 * littleLeft) / 100;
  return {
    value: `${showGiB(freeBytes)} of ${blue.storageGiB} GiB free; ${kept}`,
    means: isShort ? `under ${littleLeft} %` : 'enough',
  };
}

const showGiB = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
