import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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
  /** What stands there instead. */
  replacement: string;
}

/** All rules with all mutants in one script, of which a switch makes one active, and the tests that are noted when it is evaluated. */
export interface Instrumented {
  /** CommonJS. */
  script: string;
  mutants: Mutant[];
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
  return {
    script: await bundle(tests, contents),
    mutants: result.mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      kind: mutatorName,
      replacement,
    })),
  };
}

async function bundle(tests: string[], contents: Map<string, string>): Promise<string> {
  const imports = tests.map((file) => `import ${JSON.stringify(file)};`).join('\n');
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports}\nexport { notedTests } from ${JSON.stringify(standIn)};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    packages: 'external',
    plugins: [instead(contents)],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

const standIn = resolve(import.meta.dirname, 'vitest-stand-in.ts');

/** Instrumented files instead of those on the disk, the stand-in instead of vitest, and the folder of a file where it asks for that. */
const instead = (contents: Map<string, string>): Plugin => ({
  name: 'instead',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^vitest$/ }, ({ importer }) =>
      importer === standIn ? { path: 'vitest', external: true } : { path: standIn },
    );
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: (contents.get(path) ?? readFileSync(path, 'utf8')).replaceAll(
        'import.meta.dirname',
        JSON.stringify(dirname(path)),
      ),
      loader: 'ts',
    }));
  },
});
