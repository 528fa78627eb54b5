/**
 * Changes the rules, one place at a time, and plays the tests against each change that pass it, of the rules and of what asks them in one process: `npm run mutants`, or
 * `npm run mutants -- --mutate functions/domain/close` for a folder or a file, whose surviving changes are listed then. `--tests
 * test/domain/close` plays the tests of a folder alone, which is quick while they are written. All changes stand in one script behind a switch,
 * so that a change costs the tests that pass it, and no start of a test runner.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Instrumented, instrument, type Mutant } from './instrument.ts';
import type { Answer, Order, Part, Seen, SeenFile } from './play.ts';

const root = resolve(import.meta.dirname, '..', '..');
const rules = 'functions/domain';
const usage =
  'npm run mutants -- [--mutate FOLDER_OR_FILE] [--tests FOLDER_OR_FILE]: a part of functions, whose survivors are listed, otherwise the rules; and a part of test, which alone is played';

type Fate = 'killed' | 'timed out' | 'survived' | 'not covered';

/** A thread that plays, and is replaced where a mutant holds it in an endless loop. */
class Player {
  #worker: Worker | undefined;
  readonly #script: string;
  constructor(script: string) {
    this.#script = script;
  }

  /** @param patience milliseconds. Undefined: no answer in that time */
  async ask(order: Order, patience: number): Promise<Answer | undefined> {
    this.#worker ??= new Worker(resolve(import.meta.dirname, 'play.ts'), {
      workerData: { script: this.#script },
    });
    const worker = this.#worker;
    const answered = Promise.withResolvers<Answer | undefined>();
    const timer = setTimeout(() => answered.resolve(undefined), patience);
    const failed = (error: unknown) => answered.reject(error);
    worker.once('message', answered.resolve).once('error', failed);
    worker.postMessage(order);
    try {
      const answer = await answered.promise;
      if (!answer) await this.close();
      return answer;
    } finally {
      clearTimeout(timer);
      worker.off('message', answered.resolve).off('error', failed);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** What becomes of each mutant. */
export async function playAll({ script, mutants, importing }: Instrumented): Promise<Map<Mutant, Fate>> {
  const player = new Player(script);
  const fates = new Map<Mutant, Fate>();
  try {
    const first = await player.ask({ kind: 'look' }, longestLook);
    if (!first || !('seen' in first)) throw new Error('the tests of the rules did not end in time');
    const { seen } = first;
    if (seen.failed.length > 0) throw new Error(`fail without any change: ${seen.failed.join('; ')}`);
    const ofRule = passingByRule(mutants, importing, seen);
    for (const mutant of mutants) {
      fates.set(mutant, await findFate(player, mutant, { seen, ofRule }));
      if (fates.size % 500 === 0) process.stderr.write(`${fates.size} of ${mutants.length} changes\n`);
    }
  } finally {
    await player.close();
  }
  return fates;
}

/** Milliseconds. */
const longestLook = 600_000;

type Passing = (of: SeenFile) => number[];

/**
 * Which tests ask a rule's file at all: those that may notice a mutant which is passed before any test begins. Looking at a constant passes
 * nothing, so all tests of a file that imports the rule, or what imports it, are among them; and where there are none, all tests.
 */
function passingByRule(
  mutants: Mutant[],
  importing: Instrumented['importing'],
  { files }: Seen,
): Map<string, Passing> {
  const all = (file: SeenFile) => [...file.took.keys()];
  const ofRule = Map.groupBy(mutants, ({ file }) => file);
  return new Map(
    [...ofRule].map(([rule, own]) => {
      const passing = new Map(files.map((file) => [file, passingAny(file, own)]));
      for (const number of importing.get(rule) ?? []) {
        const file = files[number];
        if (file) passing.set(file, all(file));
      }
      const any = [...passing.values()].some((tests) => tests.length > 0);
      return [rule, (file) => (any ? (passing.get(file) ?? []) : all(file))];
    }),
  );
}

const passingAny = (file: SeenFile, mutants: Mutant[]): number[] => [
  ...new Set(mutants.flatMap(({ id }) => passing(file, id))),
];

const passing = (file: SeenFile, id: string): number[] =>
  file.loading.has(id) ? [...file.took.keys()] : (file.tests[id] ?? []);

interface Known {
  seen: Seen;
  ofRule: Map<string, Passing>;
}

/** Milliseconds for loading, how many times their CPU tests may take, and of how much CPU tests are played: the quick ones notice most. */
const patience = { loading: 20_000, times: 20, cpu: 4_000 };

async function findFate(player: Player, mutant: Mutant, { seen, ofRule }: Known): Promise<Fate> {
  const { id, file: rule } = mutant;
  const ofAll = seen.rules.has(id) ? ofRule.get(rule) : (file: SeenFile) => passing(file, id);
  const parts = seen.files.map((file, number) => ({ file: number, tests: ofAll?.(file) ?? [] }));
  const anew = seen.rules.has(id) || seen.files.some(({ loading }) => loading.has(id));
  const sorted = sortParts(parts, seen, anew);
  if (sorted.length === 0) return 'not covered';
  const longest =
    patience.loading + patience.times * sorted.reduce((sum, part) => sum + cpuOf(part, seen), 0);
  const order: Order = { kind: 'play', mutant: id, parts: sorted, anew, hits: seen.hits[id] ?? 0 };
  const answer = await player.ask(order, longest);
  if (!answer) return 'timed out';
  return 'killedBy' in answer && answer.killedBy !== null ? 'killed' : 'survived';
}

const cpuOf = ({ file, tests }: Part, { files }: Seen): number =>
  tests.reduce((sum, test) => sum + (files[file]?.took[test] ?? 0), 0);

/** The quick ones first, because the first one that notices is enough: test by test, or file by file where each has to be loaded. */
function sortParts(parts: Part[], seen: Seen, anew: boolean): Part[] {
  const single = ({ file, tests }: Part) => tests.map((test) => ({ file, tests: [test] }));
  const sorted = (anew ? parts : parts.flatMap(single))
    .filter(({ tests }) => tests.length > 0)
    .map((part) => ({ part, cpu: cpuOf(part, seen) }))
    .toSorted((a, b) => a.cpu - b.cpu);
  let spent = 0;
  const played = sorted.filter(({ cpu }, index) => {
    spent += cpu;
    return index === 0 || spent <= patience.cpu;
  });
  return played.map(({ part }) => part);
}

/** A line a folder: its mutants, those that no test noticed, and the share of the others. */
function writeScores(fates: Map<Mutant, Fate>): string {
  const byFolder = Map.groupBy(fates, ([{ file }]) => relative(root, dirname(file)));
  const lines = [...byFolder].toSorted().map(([folder, all]) => writeScore(folder, all));
  return [...lines, writeScore('all', [...fates])].join('\n');
}

function writeScore(folder: string, all: [Mutant, Fate][]): string {
  const count = (fate: Fate) => all.filter(([, had]) => had === fate).length;
  const noticed = count('killed') + count('timed out');
  const score = ((100 * noticed) / all.length).toFixed(1);
  return `${folder.padEnd(34)} ${score.padStart(5)} %  of ${String(all.length).padStart(5)}: ${count('survived')} survived, ${count('not covered')} not covered, ${count('timed out')} timed out`;
}

const describeSurvivor = ([{ file, line, kind, replacement }, fate]: [Mutant, Fate]): string =>
  `${relative(root, file)}:${line} ${fate} ${kind}: ${replacement.replace(/\s+/g, ' ').slice(0, 160)}`;

function findFiles(part: string): string[] {
  const path = resolve(root, part);
  if (!path.startsWith(resolve(root, 'functions'))) throw new Error(usage);
  const found = path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.ts`);
  if (found.length === 0) throw new Error(`no sources in ${part}`);
  return found;
}

const options = { mutate: { type: 'string' }, tests: { type: 'string' } } as const;

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const folder = values.tests ?? 'test/{domain,approval,evidence}';
  const tests = globSync(folder.endsWith('.ts') ? `${root}/${folder}` : `${root}/${folder}/**/*.test.ts`)
    .filter((file) => !/node:child_process/.test(readFileSync(file, 'utf8')))
    .toSorted();
  const fates = await playAll(await instrument(findFiles(values.mutate ?? rules).toSorted(), tests));
  const survivors = [...fates].filter(([, fate]) => fate === 'survived' || fate === 'not covered');
  if (values.mutate) for (const one of survivors) process.stdout.write(`${describeSurvivor(one)}\n`);
  process.stdout.write(`${writeScores(fates)}\n`);
}

if (import.meta.main) {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
