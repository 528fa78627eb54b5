/**
 * Changes the rules, one place at a time, and plays the tests against each change that pass it, of the rules and of what asks them in one process: `npm run mutants`, or
 * `npm run mutants -- --mutate functions/domain/close` for a folder or a file, whose surviving changes are listed then. All changes stand in
 * one script behind a switch, so that a change costs the tests that pass it, and no start of a test runner.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { instrument, type Mutant } from './instrument.ts';
import type { Answer, Order, Seen } from './play.ts';

const root = resolve(import.meta.dirname, '..', '..');
const rules = 'functions/domain';
const usage =
  'npm run mutants -- [--mutate FOLDER_OR_FILE]: a part of functions/domain, whose survivors are listed';

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
export async function playAll(script: string, mutants: Mutant[]): Promise<Map<Mutant, Fate>> {
  const player = new Player(script);
  const fates = new Map<Mutant, Fate>();
  try {
    const first = await player.ask({ kind: 'look' }, longestLook);
    if (!first || !('seen' in first)) throw new Error('the tests of the rules did not end in time');
    const { seen } = first;
    if (seen.failed.length > 0) throw new Error(`fail without any change: ${seen.failed.join('; ')}`);
    const ofFile = testsByFile(mutants, seen);
    for (const mutant of mutants) {
      fates.set(mutant, await findFate(player, mutant, { seen, ofFile }));
      if (fates.size % 500 === 0) process.stderr.write(`${fates.size} of ${mutants.length} changes\n`);
    }
  } finally {
    await player.close();
  }
  return fates;
}

/** Milliseconds. */
const longestLook = 600_000;

/** Which tests pass any mutant of a file: those that may notice one that is passed before any test begins. */
function testsByFile(mutants: Mutant[], { tests }: Seen): Map<string, number[]> {
  const byFile = Map.groupBy(mutants, ({ file }) => file);
  return new Map(
    [...byFile].map(([file, all]) => [file, [...new Set(all.flatMap(({ id }) => tests[id] ?? []))]]),
  );
}

interface Known {
  seen: Seen;
  ofFile: Map<string, number[]>;
}

/** Milliseconds for loading, and how much longer than without a change tests may take. */
const patience = { loading: 8_000, times: 5 };

async function findFate(player: Player, { id, file }: Mutant, { seen, ofFile }: Known): Promise<Fate> {
  const anew = seen.loading.has(id);
  const passing = (anew ? ofFile.get(file) : seen.tests[id]) ?? [];
  if (passing.length === 0) return 'not covered';
  // The quick ones notice most, and the first one that does is enough.
  const time = (test: number) => seen.took[test] ?? 0;
  const tests = passing.toSorted((a, b) => time(a) - time(b));
  const longest = patience.loading + patience.times * tests.reduce((sum, test) => sum + time(test), 0);
  const order: Order = { kind: 'play', mutant: id, tests, anew, hits: seen.hits[id] ?? 0 };
  const answer = await player.ask(order, longest);
  if (!answer) return 'timed out';
  return 'killedBy' in answer && answer.killedBy !== null ? 'killed' : 'survived';
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
  if (!path.startsWith(resolve(root, rules))) throw new Error(usage);
  const found = path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.ts`);
  if (found.length === 0) throw new Error(`no rules in ${part}`);
  return found;
}

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { mutate: { type: 'string' } } });
  const tests = globSync(`${root}/test/{domain,approval,evidence}/**/*.test.ts`)
    .filter((file) => !/node:child_process/.test(readFileSync(file, 'utf8')))
    .toSorted();
  const { script, mutants } = await instrument(findFiles(values.mutate ?? rules).toSorted(), tests);
  const fates = await playAll(script, mutants);
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
