/**
 * What a client sees of the cut, `npm run bench:cut -- [--rounds 10]`: in each round one floor (a bare SQL flip with the same safety
 * steps) and one whole rehearsal in each endpoint mode, without the gate of a way back, in an order that changes from round to round. All figures are of this
 * machine and of these minutes; compare them within a round only.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { PostgresDataPlane } from '../local/postgres/data-plane.ts';
import { measureFloor } from '../local/postgres/floor.ts';
import type { Report } from '../local/report/report.ts';

const run = promisify(execFile);
const rehearsal = join(import.meta.dirname, '../local/rehearse.ts');

const measures: Record<string, () => Promise<number>> = {
  'floor (bare SQL flip)': measureBareFlip,
  'rehearsal, pause': () => measureRehearsal('pause'),
  'rehearsal, rds': () => measureRehearsal('rds'),
};

async function measureBareFlip(): Promise<number> {
  const plane = await PostgresDataPlane.open();
  try {
    const { gapMs, lost, doubled } = await measureFloor(plane, { from: '15', to: '17' });
    if (lost > 0 || doubled > 0) throw new Error(`the floor lost ${lost} rows and doubled ${doubled}`);
    return gapMs;
  } finally {
    await plane.dispose();
  }
}

async function measureRehearsal(endpoint: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'viridian-bench-'));
  try {
    const args = ['--yes', '--no-way-back', '--rows', '2000', '--endpoint', endpoint, '--report', folder];
    await run(process.execPath, [rehearsal, ...args]);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
    return report.cut.longestWriteGapMs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function median(sorted: number[]): number {
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const results = new Map<string, number[]>(Object.keys(measures).map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  const order = Object.entries(measures);
  for (const [name, measure] of [...order.slice(round % 3), ...order.slice(0, round % 3)]) {
    const gap = await measure();
    results.get(name)?.push(gap);
    console.error(`round ${round + 1}  ${name.padEnd(22)} ${gap.toFixed(0)} ms`);
  }
}
const floor = median([...(results.get('floor (bare SQL flip)') ?? [])].sort((a, b) => a - b));
console.log('longest write gap, ms       min    median       max   median / floor');
for (const [name, gaps] of results) {
  const sorted = gaps.sort((a, b) => a - b);
  const cells = [sorted[0] ?? 0, median(sorted), sorted.at(-1) ?? 0].map((ms) => ms.toFixed(0).padStart(9));
  console.log(`${name.padEnd(22)}${cells.join(' ')}   ${(median(sorted) / floor).toFixed(1).padStart(14)}`);
}
