import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Build } from '../../deploy/build.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { clientsIn, holdsZod } from '../../test/deploy/bundle-facts.ts';
import { empty, measureLoads, prepare, timesAsLong } from '../bundles/loads.ts';
import type { GoalRow } from './goal.ts';

/** KB by how many clients of the SDK a function has. */
const goals: Record<number, number> = { 1: 400, 2: 440 };
const rounds = 5;
/** Functions that somebody waits for while nobody can write. */
const held = functionKeys.filter((key) =>
  ['waitForSwitchover', 'secureTheWayBack', 'releaseApplicationWrites', 'swapTheEndpoint'].includes(key),
);

/** What functions weigh, and what a cold start of those in the cut costs beside an empty function. */
export async function bundleRows(): Promise<GoalRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'viridian-bench-'));
  try {
    const { ours, files } = await prepare(folder);
    const loads = measureLoads(
      new Map([...files].filter(([name]) => [empty, ...held].includes(name))),
      rounds,
    );
    const slowest = held.map((key) => timesAsLong(loads, key, empty));
    return [
      ...Object.entries(goals).map(([clients, kilobytes]) => sizeRow(ours, Number(clients), kilobytes)),
      {
        goal: 'a cold start of the cut beside an empty function: no goal',
        figure: `${Math.max(...slowest).toFixed(1)} times, the slowest of ${held.length}`,
        baseline: `1, ${(loads.get(empty)?.[0]?.wall ?? Number.NaN).toFixed(1)} ms here`,
        met: true,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeRow(build: Build, clients: number, kilobytes: number): GoalRow {
  const sized = functionKeys
    .filter((key) => clientsIn(build, key).length === clients)
    .map((key) => ({ key, size: statSync(build.bundle(key)).size / 1_024 }));
  const over = sized.filter(({ size }) => size > kilobytes);
  const largest = sized.reduce((most, one) => (one.size > most.size ? one : most));
  return {
    goal: `functions with ${clients === 1 ? 'one client' : `${clients} clients`} of the SDK: ${kilobytes} KB`,
    figure: `${Math.round(largest.size)} KB, "${nameOf(largest.key)}" is the largest of ${sized.length}`,
    baseline: `${Math.round(sized.reduce((least, { size }) => Math.min(least, size), Number.POSITIVE_INFINITY))} KB, the smallest`,
    met: over.length === 0,
    because: `over it are ${over.map((one) => describeOver(build, one)).join(', ')}`,
  };
}

function describeOver(build: Build, { key, size }: { key: FunctionKey; size: number }): string {
  const rest = key === 'sqlMysql' ? 'the driver of MySQL' : 'what it does';
  return `"${nameOf(key)}" with ${Math.round(size)} KB, for ${holdsZod(build, key) ? 'zod' : rest}`;
}

const nameOf = (key: FunctionKey): string =>
  functionSpecs[key].source.split('/').at(-1)?.replace(/\.ts$/, '').replaceAll('-', ' ') ?? key;
