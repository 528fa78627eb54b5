/**
 * What each function costs at a cold start: `npm run bench:bundles -- --rounds 10`. Every round starts every variant once, in
 * random order; figures are compared within a round, because a busy neighbour slows a whole round, and CPU time counts for
 * more than wall time. These are figures of this machine: they rank variants and do not predict milliseconds on Lambda.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { functionKeys } from '../deploy/functions.ts';
import {
  byDefault,
  empty,
  type Load,
  type Loads,
  measureLoads,
  prepare,
  prepareDefaults,
  ratios,
} from './bundles/loads.ts';
import { median, spread } from './statistics.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
  const folder = mkdtempSync(join(tmpdir(), 'viridian-bench-'));
  try {
    const { files: ours } = await prepare(folder);
    const files = new Map([...ours, ...(await prepareDefaults(folder))]);
    const loads = measureLoads(files, Number(values.rounds));
    process.stdout.write(`${formatTable(files, loads)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function formatTable(files: Map<string, string>, loads: Loads): string {
  const rows = functionKeys.map((key) => {
    const ratio = (other: string, field: keyof Load) => median(ratios(loads, key, other, field)).toFixed(2);
    const size = (name: string) => (statSync(files.get(name) ?? '').size / 1024).toFixed(0);
    return [
      key,
      size(key),
      size(byDefault(key)),
      ...spread((loads.get(key) ?? []).map(({ cpu }) => cpu)),
      ratio(empty, 'wall'),
      ratio(byDefault(key), 'wall'),
      ratio(byDefault(key), 'cpu'),
    ];
  });
  const head = [
    'function',
    'KB',
    'default KB',
    'CPU ms min',
    'median',
    'max',
    'x empty',
    'x default',
    'x default (CPU)',
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(head), ...rows.map(line)].join('\n');
}

void main();
