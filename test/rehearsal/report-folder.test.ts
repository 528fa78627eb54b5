import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../rehearsal/options.ts';
import { prepareFolder } from '../../rehearsal/report/report.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'viridian-report-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

describe('the folder of a report', () => {
  it('is taken as it is when it is there, and nothing is left in it', async () => {
    await prepareFolder(place);
    expect(await readdir(place)).toEqual([]);
  });

  it('is made, with the folders above it', async () => {
    const folder = join(place, 'of', 'today');
    await prepareFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it.each([
    ['a file', 'file'],
    ['below a file', 'file/report'],
  ])('is refused by the name of the option when it is %s', async (_, path) => {
    await writeFile(join(place, 'file'), '');
    const refusal = prepareFolder(join(place, path));
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow(`--report ${join(place, path)}: `);
  });

  it.each(['/proc', '/proc/x', '/proc/x/y'])(
    'is refused at once as %s, which nobody can write',
    async (folder) => {
      await expect(prepareFolder(folder)).rejects.toThrow(`--report ${folder}: `);
    },
  );
});
