import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { initialize } from './server.ts';

/**
 * The empty data directory of a version in a folder that many processes share, as a test suite starts a hundred servers: `initdb` takes a
 * second of computing and a copy a tenth of it. Two who find none at the same time make one each, and the first stays.
 * @param folder exists; the account of the servers passes through it
 */
export async function keepDataDirectory(folder: string, binaries: Binaries): Promise<string> {
  const kept = join(folder, `postgresql-${binaries.version}`);
  if (existsSync(kept)) return kept;
  const aside = mkdtempSync(join(folder, 'initdb-'));
  chmodSync(aside, 0o711);
  try {
    renameSync(await initialize(binaries, join(aside, 'data')), kept);
  } catch (failure) {
    if (!existsSync(kept)) throw failure;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return kept;
}
