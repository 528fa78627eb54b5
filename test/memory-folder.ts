import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const place = '/dev/shm';
/** Twice what the servers of one rehearsal take. */
const bytesForEach = 1e9;

/**
 * A folder in memory for so many rehearsals at a time, deleted at the end of this process: a sixth of what a rehearsal takes is to
 * copy files and to wait for disks. What a server has written outlives the server there as well, however that is killed. Undefined
 * where there is no room, or where no program can be run from memory, as a browser is.
 */
export function makeMemoryFolder(rehearsals: number): string | undefined {
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8').split('\n') : [];
  const options = mounts.map((mount) => mount.split(' ')).find(([, where]) => where === place)?.[3];
  if (!options || options.split(',').includes('noexec')) return undefined;
  const { bavail, bsize } = statfsSync(place);
  if (Math.min(bavail * bsize, process.availableMemory()) < rehearsals * bytesForEach) return undefined;
  const folder = mkdtempSync(join(place, 'viridian-tests-'));
  // Servers run as another user where this runs as root, and have to get through.
  chmodSync(folder, 0o711);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
