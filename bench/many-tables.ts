/**
 * Whether going back takes longer where there are many tables, `npm run bench:tables -- [--tables 10,2000]`: a dump with so many tables of a few rows and a
 * sequence each is rehearsed with `--go-back`, and each line has the longest time without writes at the cut and going back, and the states that took most of it.
 * Figures are of this machine and of these minutes; compare them within one run only.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Hold } from '../rehearsal/report/types.ts';
import { rehearse } from './rehearsed.ts';
import { writeDump } from './size/dump.ts';

const { values } = parseArgs({ options: { tables: { type: 'string', default: '10,2000' } } });

const folder = mkdtempSync(join(tmpdir(), 'viridian-tables-'));
try {
  for (const tables of values.tables.split(',').map(Number)) {
    const file = join(folder, `${tables}.sql`);
    writeFileSync(file, writeDump(tables));
    const { endState, cut, goingBack, rows, startedAt, endedAt } = await rehearse(
      '--dump',
      file,
      '--go-back',
    );
    console.log(
      `${tables} tables: ${endState}, ${((endedAt - startedAt) / 1_000).toFixed(0)} s in all, ${rows.lost} rows lost`,
    );
    console.log(`  the cut ${show(cut.longestWriteGapMs, cut.hold)}`);
    console.log(`  going back ${show(goingBack?.longestWriteGapMs, goingBack?.hold ?? null)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function show(gap: number | undefined, hold: Hold | null): string {
  const states = (hold?.states ?? []).toSorted((one, other) => other.ms - one.ms).slice(0, 6);
  return `${gap === undefined ? 'none' : Math.round(gap)} ms without writes: ${states.map(({ name, ms }) => `${name} ${Math.round(ms)}`).join(', ')}`;
}
