import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../options.ts';
import { reportPage } from './page.ts';
import type { Report } from './types.ts';

/**
 * Makes the folder of a report before there is one, so that a rehearsal is not lost for want of a place.
 * @throws UsageError when it cannot be made or written
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    await rmdir(await mkdtemp(join(folder, '.viridian-')));
  } catch (error) {
    throw new UsageError(
      `--report ${folder}: ${(error as Error).message}; give a folder that can be written`,
    );
  }
}

/** One folder at a time: `recursive` never returns where the system denies that a folder exists, as it does below `/proc`. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) await makeFolder(parent);
  if (!existsSync(folder)) await mkdir(folder);
}

/**
 * Writes `report.json`, a self-contained `index.html` and `functions.log` (what the functions logged) into the folder.
 */
export async function writeReport(folder: string, report: Report, log: string[]): Promise<void> {
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'index.html'), reportPage(report));
  await writeFile(join(folder, 'functions.log'), log.map((line) => `${line}\n`).join(''));
}
