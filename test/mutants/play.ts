import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import * as vitest from 'vitest';

/** A test of the rules. */
export interface RuleTest {
  name: string;
  body: () => unknown;
}

/** The names by which the script of Stryker's instrumenter counts, and switches one mutant on. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: Coverage | undefined;
}

interface Coverage {
  static: Record<string, number>;
  perTest: Record<string, Record<string, number>>;
}

/** What a play without any mutant has seen: how often each test passes each mutant, and which are passed while the script is evaluated. */
export interface Seen {
  /** Numbers of tests by the id of a mutant. */
  tests: Record<string, number[]>;
  hits: Record<string, number>;
  /** Milliseconds that each test takes, by its number. */
  took: number[];
  /** Passed when a file is loaded: to be evaluated anew with the mutant. */
  loading: Set<string>;
  failed: string[];
}

/** What is asked of this thread: these tests, by their numbers, with a mutant. `anew`: which is passed while the script is evaluated. */
export type Order =
  | { kind: 'look' }
  | { kind: 'play'; mutant: string; tests: number[]; anew: boolean; hits: number };

export type Answer = { seen: Seen } | { killedBy: string | null };

const { script } = workerData as { script: string };
/** Of a package there is one, however often the script is evaluated. */
const importPackage = async (name: string): Promise<unknown> => (name === 'vitest' ? vitest : import(name));
const compiled = new Script(`(async function (importPackage) {'use strict'; ${script}\n})`, {
  filename: 'mutants.cjs',
});
const changes: Switch = {};
(globalThis as unknown as { __stryker__: Switch }).__stryker__ = changes;

/** Loops that a mutant has made endless end when it was passed so much more often than without it. */
const hitsAtMost = (hits: number) => hits * 100 + 10_000;

async function load(): Promise<readonly RuleTest[]> {
  const { notedTests } = await compiled.runInThisContext()(importPackage);
  return notedTests();
}

/** As vitest.config.ts sets it. */
process.env.STATE_MACHINE_ARN ??=
  'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment';
const loaded = await load();

async function look(): Promise<Seen> {
  const failed: string[] = [];
  const took: number[] = [];
  for (const [number, { name, body }] of loaded.entries()) {
    changes.currentTestId = String(number);
    const started = performance.now();
    try {
      await body();
    } catch (error) {
      failed.push(`${name}: ${(error as Error).message}`);
    }
    took[number] = performance.now() - started;
  }
  changes.currentTestId = undefined;
  const { perTest, static: loading } = changes.mutantCoverage ?? { perTest: {}, static: {} };
  const tests: Record<string, number[]> = {};
  const hits: Record<string, number> = {};
  for (const [number, passed] of Object.entries(perTest))
    for (const [mutant, count] of Object.entries(passed)) {
      tests[mutant] = [...(tests[mutant] ?? []), Number(number)];
      hits[mutant] = (hits[mutant] ?? 0) + count;
    }
  return { tests, hits, took, loading: new Set(Object.keys(loading)), failed };
}

/** @returns the name of the first test that fails, or why the script could not be evaluated; null when the mutant survives. */
async function play({ mutant, tests, anew, hits }: Order & { kind: 'play' }): Promise<string | null> {
  Object.assign(changes, { activeMutant: mutant, hitCount: 0, hitLimit: hitsAtMost(hits) });
  try {
    const played = anew ? await load() : loaded;
    for (const { name, body } of tests.flatMap((number) => played[number] ?? []))
      if (await fails(body)) return name;
    return null;
  } catch (error) {
    return `loading: ${(error as Error).message}`;
  } finally {
    Object.assign(changes, { activeMutant: undefined, hitCount: undefined });
  }
}

async function fails(body: () => unknown): Promise<boolean> {
  try {
    await body();
    return false;
  } catch {
    return true;
  }
}

parentPort?.on('message', async (order: Order) => {
  const answer: Answer = order.kind === 'look' ? { seen: await look() } : { killedBy: await play(order) };
  parentPort?.postMessage(answer);
});
