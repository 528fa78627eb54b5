import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import * as vitest from 'vitest';

/** A test of the rules. */
export interface RuleTest {
  name: string;
  body: () => unknown;
}

type Load = () => Promise<unknown>;

/** The script of instrument.ts, evaluated: the rules and the files of tests are loaded by a call. */
interface Loaded {
  rules: Load[];
  testFiles: Load[];
  noteTests: (load: Load) => Promise<readonly RuleTest[]>;
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

/** What a play without any mutant has seen. */
export interface Seen {
  files: SeenFile[];
  /** Mutants that are passed when the rules themselves are loaded. */
  rules: Set<string>;
  /** How often each mutant is passed in all. */
  hits: Record<string, number>;
  failed: string[];
}

/** A file of tests. */
export interface SeenFile {
  /** Milliseconds of CPU that each test takes, by its number in the file. */
  took: number[];
  /** Numbers of the tests that pass a mutant, by its id. */
  tests: Record<string, number[]>;
  /** Mutants that are passed when the file is loaded: by a table that asks a rule. Any test of the file may then have the answer. */
  loading: Set<string>;
}

/** Tests of a file, by their numbers. */
export interface Part {
  file: number;
  tests: number[];
}

/** What is asked of this thread: these tests with a mutant, in this order. `anew`: it is passed when a file is loaded. */
export type Order =
  | { kind: 'look' }
  | { kind: 'play'; mutant: string; parts: Part[]; anew: boolean; hits: number };

export type Answer = { seen: Seen } | { killedBy: string | null };

const { script } = workerData as { script: string };
/** Of a package there is one, however often the script is evaluated. */
const importPackage = async (name: string): Promise<unknown> => (name === 'vitest' ? vitest : import(name));
const compiled = new Script(`(async function (importPackage) {'use strict'; ${script}\n})`, {
  filename: 'mutants.cjs',
});
const evaluate = (): Promise<Loaded> => compiled.runInThisContext()(importPackage);
const changes: Switch = {};
(globalThis as unknown as { __stryker__: Switch }).__stryker__ = changes;

/** Loops that a mutant has made endless end when it was passed so much more often than without it. */
const hitsAtMost = (hits: number) => hits * 100 + 10_000;

/** As vitest.config.ts sets it. */
process.env.STATE_MACHINE_ARN ??=
  'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment';
/** Every file, without a mutant: for those that are passed by the bodies of tests alone. */
const loaded = await evaluate();
const played: (readonly RuleTest[])[] = [];
for (const load of loaded.testFiles) played.push(await loaded.noteTests(load));

/** Counts under a name from here on. */
const countFor = (name: string | undefined) => {
  changes.currentTestId = name;
};
const passedBy = (name: string) => Object.entries(changes.mutantCoverage?.perTest[name] ?? {});

async function look(): Promise<Seen> {
  const seen: Seen = { files: [], rules: new Set(), hits: {}, failed: [] };
  for (const [number, tests] of played.entries()) {
    const loading = await lookAtLoading(number);
    const file: SeenFile = { took: [], tests: {}, loading: new Set(loading.map(([mutant]) => mutant)) };
    for (const [index, test] of tests.entries()) {
      file.took.push(await lookAt(test, `test ${number} ${index}`, seen));
      for (const [mutant] of passedBy(`test ${number} ${index}`))
        file.tests[mutant] = [...(file.tests[mutant] ?? []), index];
    }
    seen.files.push(file);
  }
  seen.rules = new Set(passedBy('rules').map(([mutant]) => mutant));
  for (const [mutant, count] of Object.keys(changes.mutantCoverage?.perTest ?? {}).flatMap(passedBy))
    seen.hits[mutant] = (seen.hits[mutant] ?? 0) + count;
  return seen;
}

/** The rules are loaded before the file, so that what it passes then it has asked itself. */
async function lookAtLoading(number: number): Promise<[string, number][]> {
  const { rules, testFiles, noteTests } = await evaluate();
  countFor('rules');
  for (const load of rules) await load();
  countFor(`file ${number}`);
  await noteTests(testFiles[number] as Load);
  countFor(undefined);
  return passedBy(`file ${number}`);
}

/** @returns milliseconds of CPU, which other processes of the machine do not change */
async function lookAt({ name, body }: RuleTest, counted: string, { failed }: Seen): Promise<number> {
  countFor(counted);
  const started = process.threadCpuUsage();
  try {
    await body();
  } catch (error) {
    failed.push(`${name}: ${(error as Error).message}`);
  }
  const { user, system } = process.threadCpuUsage(started);
  countFor(undefined);
  return (user + system) / 1_000;
}

/** @returns the name of the first test that fails, or why a file could not be loaded; null when the mutant survives. */
async function play({ mutant, parts, anew, hits }: Order & { kind: 'play' }): Promise<string | null> {
  Object.assign(changes, { activeMutant: mutant, hitCount: 0, hitLimit: hitsAtMost(hits) });
  try {
    const script = anew ? await evaluate() : loaded;
    for (const { file, tests } of parts) {
      const all = anew ? await script.noteTests(script.testFiles[file] as Load) : played[file];
      for (const { name, body } of tests.flatMap((number) => all?.[number] ?? []))
        if (await fails(body)) return name;
    }
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
