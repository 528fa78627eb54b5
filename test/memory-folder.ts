import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../packages/local-aws/servers/stale-runs.ts';

const place = '/dev/shm';
/** Twice what the servers of one rehearsal take. */
const bytesForEach = 1e9;
const prefix = 'viridian-tests-';

/**
 * A folder in memory for so many rehearsals at a time, deleted at the end of this process: a sixth of what a rehearsal takes is to
 * copy files and to wait for disks. What a server has written outlives the server there as well, however that is killed. Undefined
 * where there is no room, or where no program may be run from it, as a temporary folder allows.
 */
export function makeMemoryFolder(rehearsals: number): string | undefined {
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8').split('\n') : [];
  const options = mounts.map((mount) => mount.split(' ')).find(([, where]) => where === place)?.[3];
  if (!options || options.split(',').includes('noexec')) return undefined;
  removeForgotten();
  const { bavail, bsize } = statfsSync(place);
  if (Math.min(bavail * bsize, process.availableMemory()) < rehearsals * bytesForEach) return undefined;
  const folder = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  // Servers run as another user where this runs as root, and have to get through.
  chmodSync(folder, 0o711);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Of processes that were killed: memory stays taken until somebody deletes what is in it. */
function removeForgotten(): void {
  for (const name of readdirSync(place)) {
    const [, pid] = name.match(new RegExp(`^${prefix}(\\d+)-`)) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(place, name), { recursive: true, force: true });
  }
}
