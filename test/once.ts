import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Real milliseconds between two looks of those who wait: what is shared takes seconds to make. */
const lookEveryMs = 50;

/**
 * A folder that one worker fills and all others read, in the one that `vitest.config.ts` makes for a run of the suite and deletes with it.
 * @param key name of the folder, with a digest of what it is made of: a run that watches makes it anew when that changes
 * @param fill gets an empty folder. When it rejects, the next worker who asks tries again
 */
export async function once(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(process.env.VIRIDIAN_TESTS_SHARED ?? '', key);
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (!takeLock(lock)) {
      await pause(lookEveryMs);
      continue;
    }
    try {
      if (!existsSync(folder)) await fillAside(folder, fill);
    } finally {
      rmSync(lock);
    }
  }
  return folder;
}

/** The folder gets its name when it is whole. */
async function fillAside(folder: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const aside = `${folder}.part`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o711 });
  await fill(aside);
  renameSync(aside, folder);
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
