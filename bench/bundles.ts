/**
 * What each function costs at a cold start: `npm run bench:bundles -- --rounds 10`. Every round starts every variant once, in
 * random order; figures are compared within a round, because a busy neighbour slows a whole round, and CPU time counts for
 * more than wall time. These are figures of this machine: they rank variants and do not predict milliseconds on Lambda.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildFunctions } from '../deploy/build.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../deploy/functions.ts';
import { median, spread } from './statistics.ts';

interface Load {
  wall: number;
  cpu: number;
}

/** Loads of each variant, one a round. */
type Loads = Map<string, Load[]>;

const loader = resolve(import.meta.dirname, 'load.cjs');
const empty = 'empty';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
  const folder = mkdtempSync(join(tmpdir(), 'viridian-bench-'));
  try {
    const files = await prepare(folder);
    const loads = measure(files, Number(values.rounds));
    process.stdout.write(`${formatTable(files, loads)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Files to load: an empty handler, every bundle as it is deployed, and the same with the bundler's defaults. */
async function prepare(folder: string): Promise<Map<string, string>> {
  const ours = await buildFunctions(join(folder, 'ours'));
  const defaults = join(folder, 'defaults');
  await build({
    entryPoints: functionKeys.map((key) => ({
      in: resolve(import.meta.dirname, '..', 'functions', functionSpecs[key].source),
      out: key,
    })),
    outdir: defaults,
    bundle: true,
    platform: 'node',
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'empty.cjs'), 'exports.handler = async () => {};\n');
  return new Map([
    [empty, join(folder, 'empty.cjs')],
    ...functionKeys.map((key): [string, string] => [key, ours.bundle(key)]),
    ...functionKeys.map((key): [string, string] => [byDefault(key), join(defaults, `${key}.cjs`)]),
  ]);
}

const byDefault = (key: FunctionKey) => `${key} by default`;

function measure(files: Map<string, string>, rounds: number): Loads {
  const loads: Loads = new Map([...files.keys()].map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, file] of shuffle([...files])) {
      const load = JSON.parse(execFileSync(process.execPath, [loader, file], { encoding: 'utf8' })) as Load;
      // The first round fills the caches of the file system.
      if (round > 0) loads.get(name)?.push(load);
    }
  }
  return loads;
}

function shuffle<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item);
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

/** One figure over another, round by round. */
function ratios(loads: Loads, name: string, other: string, field: keyof Load): number[] {
  const others = loads.get(other) ?? [];
  return (loads.get(name) ?? []).map((load, round) => load[field] / (others[round]?.[field] ?? Number.NaN));
}

void main();
