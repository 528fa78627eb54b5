import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mailedRuns } from './runs.ts';
import { writeMails } from './write.ts';

/** `npm run mails` writes the files again; a reviewer reads what has changed. */
describe('the mails of', () => {
  it.each(mailedRuns)('$what', async (run) => {
    await expect(await writeMails(run)).toMatchFileSnapshot(join(import.meta.dirname, `${run.name}.txt`));
  });
});
