import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build, type Plugin } from 'esbuild';

/** A change of one place in a rule. */
export interface Mutant {
  id: string;
  file: string;
  /** From 1 on. */
  line: number;
  /** Name of the kind of change, as Stryker calls it. */
  kind: string;
  /** What stands there, and what instead. */
  was: string;
  replacement: string;
}

/** All rules with all mutants in one script, of which a switch makes one active, and the tests. */
export interface Instrumented {
  /** Body of an async function that gets `importPackage` and returns what play.ts calls `Loaded`. */
  script: string;
  mutants: Mutant[];
  /** Numbers of the tests' files that import a rule, or what imports it, by its file. */
  importing: Map<string, number[]>;
}

/** The instrumenter has a log of its own, of which nothing is wanted. */
const silent = new Proxy({} as Record<string, () => unknown>, { get: () => () => false });

/** Changes are placed in `files`; the tests are bundled with everything that they import but packages. */
export async function instrument(files: string[], tests: string[]): Promise<Instrumented> {
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const result = await new Instrumenter(silent as never).instrument(
    files.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') })),
    options,
  );
  const contents = new Map(result.files.map(({ name, content }) => [name, content]));
  const lines = new Map(files.map((name) => [name, readFileSync(name, 'utf8').split('\n')]));
  const mutants = result.mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({
    id,
    file: fileName,
    line: location.start.line + 1,
    kind: mutatorName,
    was: textAt(lines.get(fileName) ?? [], location),
    replacement,
  }));
  return { ...(await bundle(files, tests, contents)), mutants: mutants.filter((one) => !isWording(one)) };
}

interface Place {
  line: number;
  column: number;
}

function textAt(lines: string[], { start, end }: { start: Place; end: Place }): string {
  const text = lines.slice(start.line, end.line + 1);
  text.push((text.pop() ?? '').slice(0, end.column));
  text[0] = (text[0] ?? '').slice(start.column);
  return text.join('\n');
}

/**
 * Words that people read and statements of SQL, both of which have blanks between words: another wording is no other rule. The mails of whole
 * runs are read by reviewers (test/mails), and each statement is played on real servers (test/sql).
 */
const isWording = ({ kind, was }: Mutant): boolean => kind === 'StringLiteral' && /\S\s+\S/.test(was);

/** A file that is imported by a call is evaluated no earlier, and with it no more than it imports: of all these files a change loads few. */
async function bundle(
  files: string[],
  tests: string[],
  contents: Map<string, string>,
): Promise<Omit<Instrumented, 'mutants'>> {
  const calls = (all: string[]) => `[${all.map((file) => `() => import(${JSON.stringify(file)})`)}]`;
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: [
        `export { noteTests } from ${JSON.stringify(standIn)};`,
        `export const rules = ${calls(files)};`,
        `export const testFiles = ${calls(tests)};`,
      ].join('\n'),
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    plugins: [instead(contents)],
    logLevel: 'error',
  });
  const imports = new Map(
    Object.entries(metafile.inputs).map(([file, input]) => [
      resolve(file),
      new Set(input.imports.map(({ path }) => resolve(path))),
    ]),
  );
  const importersOf = (rule: string) => [...imports].filter(([, all]) => all.has(rule)).map(([file]) => file);
  const importing = (rule: string) => {
    const others = importersOf(rule).filter((file) => !file.includes('/test/'));
    const asked = [rule, ...others];
    return [...tests.keys()].filter((at) => asked.some((one) => imports.get(tests[at] ?? '')?.has(one)));
  };
  return {
    script: asFunction(outputFiles[0]?.text ?? ''),
    importing: new Map(files.map((rule) => [rule, importing(rule)])),
  };
}

/** A module can be evaluated once, a function often. */
const asFunction = (module: string): string =>
  module
    .replace(/^import (?:(\w+),? ?)?(?:\* as (\w+)|(\{[^}]*\}))? ?(?:from )?("[^"]+");$/gm, importThere)
    .replace(/^export (\{[^}]*\});$/m, 'return $1;');

function importThere(_: string, byDefault: string, all: string, names: string, from: string): string {
  const given = `await importPackage(${from})`;
  const parts = [
    ...(byDefault ? [`{ default: ${byDefault} } = ${given}`] : []),
    ...(all ? [`${all} = ${given}`] : []),
    ...(names ? [`${names.replaceAll(' as ', ': ')} = ${given}`] : []),
  ];
  return parts.length > 0 ? `const ${parts.join(', ')};` : `${given};`;
}

const standIn = resolve(import.meta.dirname, 'vitest-stand-in.ts');

/** Instrumented files instead of those on the disk, the stand-in instead of vitest, and the place of a file where it asks for that; no file is a command. */
const instead = (contents: Map<string, string>): Plugin => ({
  name: 'instead',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^vitest$/ }, ({ importer }) =>
      importer === standIn ? { path: 'vitest', external: true } : { path: standIn },
    );
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: (contents.get(path) ?? readFileSync(path, 'utf8'))
        .replaceAll('import.meta.main', 'false')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path))),
      loader: 'ts',
    }));
  },
});
