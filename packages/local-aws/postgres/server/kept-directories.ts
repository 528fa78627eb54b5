import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The empty data directory of a version in a folder that many processes share, as a test suite starts a hundred servers: making one takes
 * seconds of computing and a copy a tenth of it. Two who find none at the same time make one each, and the first stays.
 * @param kept its path; the folder exists, and the account of the servers passes through it
 * @param make makes one at a path, and returns the path
 */
export async function keepDataDirectory(
  kept: string,
  make: (directory: string) => Promise<string>,
): Promise<string> {
  if (existsSync(kept)) return kept;
  const aside = mkdtempSync(join(dirname(kept), `${basename(kept)}-`));
  chmodSync(aside, 0o711);
  try {
    renameSync(await make(join(aside, 'data')), kept);
  } catch (failure) {
    if (!existsSync(kept)) throw failure;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return kept;
}
