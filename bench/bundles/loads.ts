import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type Build, buildFunctions } from '../../deploy/build.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { median } from '../statistics.ts';

export interface Load {
  wall: number;
  cpu: number;
}

/** Loads of each variant, one a round. */
export type Loads = Map<string, Load[]>;

const loader = resolve(import.meta.dirname, 'load.cjs');
/** A handler that does nothing. */
export const empty = 'empty';

/** What is built, and files to load: an empty handler, and every bundle as it is deployed. */
export async function prepare(folder: string): Promise<{ ours: Build; files: Map<string, string> }> {
  const ours = await buildFunctions(join(folder, 'ours'));
  writeFileSync(join(folder, 'empty.cjs'), 'exports.handler = async () => {};\n');
  const files = new Map<string, string>([
    [empty, join(folder, 'empty.cjs')],
    ...functionKeys.map((key): [string, string] => [key, ours.bundle(key)]),
  ]);
  return { ours, files };
}

/** The same with the bundler's defaults. */
export async function prepareDefaults(folder: string): Promise<Map<string, string>> {
  const defaults = join(folder, 'defaults');
  await build({
    entryPoints: functionKeys.map((key) => ({
      in: resolve(import.meta.dirname, '../../functions', functionSpecs[key].source),
      out: key,
    })),
    outdir: defaults,
    bundle: true,
    platform: 'node',
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
  return new Map(functionKeys.map((key): [string, string] => [byDefault(key), join(defaults, `${key}.cjs`)]));
}

export const byDefault = (key: FunctionKey) => `${key} by default`;

/** Loads every file once a round, each in a process of its own, in random order. */
export function measureLoads(files: Map<string, string>, rounds: number): Loads {
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

/** One figure over another, round by round. */
export function ratios(loads: Loads, name: string, other: string, field: keyof Load): number[] {
  const others = loads.get(other) ?? [];
  return (loads.get(name) ?? []).map((load, round) => load[field] / (others[round]?.[field] ?? Number.NaN));
}

/** The median of how many times as long it takes to load one as another, by wall time. */
export const timesAsLong = (loads: Loads, name: string, other: string): number =>
  median(ratios(loads, name, other, 'wall'));
