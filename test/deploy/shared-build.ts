import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Build, buildAt, buildFunctions } from '../../deploy/build.ts';
import { once } from '../once.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** Every function as it is deployed, bundled once in a run of the suite; nobody changes it. */
export async function sharedBuild(): Promise<Build> {
  const folder = await once(`build-${digestOfSources()}`, async (empty) => {
    await buildFunctions(join(empty, 'build'), { maps: false });
  });
  return buildAt(join(folder, 'build'));
}

/** What bundles are made of, besides packages: those are as the lock file names them. */
function digestOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const part of ['functions', 'deploy'])
    for (const name of readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).toSorted()) {
      const file = join(root, part, name);
      if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
    }
  return hash.digest('hex').slice(0, 16);
}
