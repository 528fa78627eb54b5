import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployable, findForeignLicences, type LockFile } from '../../commands/licences.ts';
import type { Build } from '../../deploy/build.ts';
import { functionKeys } from '../../deploy/functions.ts';
import { billOfDeployed } from '../../security/bill.ts';
import { sharedBuild } from './shared-build.ts';

const root = resolve(import.meta.dirname, '..', '..');
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const lock = readJson('package-lock.json') as LockFile & {
  packages: Record<string, { hasInstallScript?: boolean }>;
};

describe('dependencies', () => {
  it('are named by their exact version', () => {
    const { dependencies, devDependencies, optionalDependencies } = readJson('package.json');
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    }))
      expect(version, name).toMatch(/^(npm:[^@].*@|npm:@[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('of the local AWS have the versions of the product', () => {
    const versionsOf = ({ dependencies, devDependencies }: Record<string, Record<string, string>>) => ({
      ...dependencies,
      ...devDependencies,
    });
    const product = versionsOf(readJson('package.json'));
    const local = versionsOf(readJson('packages/local-aws/package.json'));
    expect(Object.keys(local).length).toBeGreaterThan(10);
    expect(local).toEqual(Object.fromEntries(Object.keys(local).map((name) => [name, product[name]])));
  });

  /**
   * esbuild's script checks a binary that works without it; es5-ext's prints a message; the servers' hydrate links to libraries,
   * which the rehearsal does by itself.
   */
  it('need no install script', () => {
    const scripted = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, '').replace(/^pg\d+-.*/, 'PostgreSQL servers'));
    expect([...new Set(scripted)].toSorted()).toEqual(['PostgreSQL servers', 'es5-ext', 'esbuild']);
  });

  it('have licences that are on the list', () => {
    expect(findForeignLicences(lock)).toEqual([]);
  });

  it.each([
    ['a licence that obliges', { license: 'GPL-3.0' }],
    ['no licence', {}],
    ['a licence for tools only, deployed', { license: 'MPL-2.0' }],
  ])('are refused with %s', (_, entry) => {
    expect(
      findForeignLicences({ packages: { 'node_modules/x': { version: '1.0.0', ...entry } } }),
    ).toHaveLength(1);
  });
});

describe('what is deployed', () => {
  let build: Build;
  beforeAll(async () => {
    build = await sharedBuild();
  }, 300_000);

  const bundledPackages = () => {
    const names = Object.keys(build.metafile.inputs).map(
      (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1],
    );
    return [...new Set(names)].filter((name) => name !== undefined);
  };

  it('is named in the bill of materials, artefact by artefact and package by package', () => {
    const { components } = billOfDeployed(root, build.folder) as {
      components: { type: string; name: string }[];
    };
    const names = (type: string) => components.filter((one) => one.type === type).map(({ name }) => name);
    expect(bundledPackages().length).toBeGreaterThan(10);
    expect(new Set(names('library'))).toEqual(new Set(bundledPackages()));
    expect(names('file')).toEqual(functionKeys.map((key) => `${key}.zip`).toSorted());
  });

  it('has a licence that asks for nothing but its notice', () => {
    for (const name of bundledPackages())
      expect(deployable, name).toContain(lock.packages[`node_modules/${name}`]?.license);
  });
});
