import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';
import { sources } from './sources.ts';

/** What is asked for, against what the storage of green will be. */
export const storageRequest: Precondition = {
  id: 'storage-request',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'Whether the fields of `target.storage` go together with each other and with the storage of blue.',
  how: 'StorageType, AllocatedStorage, Iops',
  source: sources.creating,
  check: ({ request, features, blue }) => {
    const { storage } = request.target;
    if (!storage) return [];
    const type = storage.type ?? features.storageType ?? 'unknown';
    const resized = storage.allocatedGiB !== undefined && storage.allocatedGiB !== blue.storageGiB;
    return [
      ...(storage.throughput !== undefined && type !== 'gp3'
        ? [
            blocker(
              `target.storage.throughput is given, and the storage of green is ${type}: only gp3 has one. Add "type": "gp3", or leave it out.`,
            ),
          ]
        : []),
      ...(storage.iops !== undefined && !['gp3', 'io1', 'io2'].includes(type)
        ? [
            blocker(
              `target.storage.iops is given, and the storage of green is ${type}, which has none to set. Add "type": "gp3" or "io2", or leave it out.`,
            ),
          ]
        : []),
      ...(features.storageType === 'standard' && resized && storage.type === undefined
        ? [
            blocker(
              'the storage of blue is magnetic, and its size cannot be changed without its type. Add target.storage.type.',
            ),
          ]
        : []),
    ];
  },
};
