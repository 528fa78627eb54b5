import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Hold, Report } from '../rehearsal/report/types.ts';

const run = promisify(execFile);
const rehearsal = join(import.meta.dirname, '../rehearsal/rehearse.ts');

/** How long a whole run held the application at its pooler, at the cut and going back. */
export interface Holds {
  cut: Hold;
  back: Hold;
  clientErrors: number;
}

/** One whole rehearsal that goes back: state machines, functions and servers. */
export async function measureHolds(): Promise<Holds> {
  const folder = await mkdtemp(join(tmpdir(), 'viridian-bench-'));
  try {
    const args = ['--yes', '--endpoint', 'pause', '--go-back', '--rows', '2000', '--report', folder];
    await run(process.execPath, [rehearsal, ...args]);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
    const [cut, back] = [report.cut.hold, report.goingBack?.hold];
    if (!cut || !back) throw new Error('the rehearsal did not hold writes twice');
    const clientErrors = Object.values(report.cut.errorsOfPooled).reduce((sum, count) => sum + count, 0);
    return { cut, back, clientErrors };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
