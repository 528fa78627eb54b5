import { describe, expect, test } from 'vitest';
import { describeStorage, findStorageHarm, keptLogMetrics } from '../../../functions/domain/hold/storage.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

const gib = 2 ** 30;
const blue = { id: 'orders', storageGiB: 100 };
const reading = (free: number, kept: number | null) =>
  read({ freeBytes: free * gib, keptBytes: kept === null ? null : kept * gib });

describe('log that blue keeps for green', () => {
  test.each([
    ['little is left, and as much is log', reading(9, 9), true],
    ['little is left, and little of it is log, which giving up green would not mend', reading(9, 8), false],
    ['there is enough', reading(10, 50), false],
    ['nothing measures the log', reading(1, null), false],
    ['nothing can be read', unreadable('denied'), false],
    ['a tenth is left exactly, and as much is log', reading(10, 10), false],
    ['storage grows by itself', undefined, false],
  ])('%s', (_what, storage, harms) => {
    expect(findStorageHarm(blue, storage) !== undefined).toBe(harms);
  });

  test('is nothing to storage that grows as it is used', () => {
    expect(findStorageHarm({ id: 'orders', storageGiB: null }, reading(-1, 9))).toBeUndefined();
  });

  test('is measured by the metric of its family', () => {
    expect(keptLogMetrics).toEqual({ postgresql: 'OldestReplicationSlotLag', mysql: 'BinLogDiskUsage' });
  });

  test('is told with what to do', () => {
    expect(findStorageHarm(blue, reading(4, 12))).toBe(
      'orders has 4.0 GiB of 100 GiB left and keeps 12.0 GiB of log for green: green is given up before the disk of production is full. Give blue more storage, find out why green does not follow, and start again',
    );
  });

  test.each([
    [reading(60, 1.5), '60.0 GiB of 100 GiB free; 1.5 GiB of log kept for green', 'enough'],
    [
      reading(3, null),
      '3.0 GiB of 100 GiB free; how much log is kept for green is not measured',
      'under 10 %',
    ],
    [unreadable('denied'), 'not known: denied', 'not known'],
  ])('is shown to those who decide: %j', (storage, value, means) => {
    expect(describeStorage(blue, storage)).toEqual({ value, means });
  });

  test('is not shown where storage grows by itself', () => {
    expect(describeStorage({ storageGiB: null }, reading(1, 1))).toBeUndefined();
    expect(describeStorage(blue, undefined)).toBeUndefined();
  });
});
