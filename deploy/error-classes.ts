import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves the classes of errors out of the clients of the SDK, up to a sixth of a bundle: a client registers each of its errors, so that a bundler keeps
 * all of them. We go by the name of an error, which AWS sends. A class whose name is not what AWS sends is kept: the client translates by it.
 */
export const withoutErrorClasses: Plugin = {
  name: 'without-error-classes',
  setup(bundling) {
    bundling.onLoad(
      { filter: /node_modules.@aws-sdk.client-[\w-]+.dist-es.schemas.schemas_0\.js$/ },
      async ({ path }) => ({ contents: leaveOut(await readFile(path, 'utf8')), loader: 'js' }),
    );
  },
};

/** @param schemas text of the file of a client in which its errors are described and registered */
export function leaveOut(schemas: string): string {
  const sent = new Map(
    [...schemas.matchAll(/var (\w+)\$ = \[-3, n0, \w+,\s*\{[^}]*\[_aQE\]: \[`([^`]+)`/g)].map(
      ([, name, code]) => [name, code],
    ),
  );
  return schemas.replace(/^n0_registry\.registerError\((\w+)\$, \w+\);$/gm, (line, name: string) =>
    (sent.get(name) ?? name) === name ? '' : line,
  );
}
