import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployable, findForeignLicences, type LockFile } from '../../commands/licences.ts';
import { findSecrets, scanRepository } from '../../commands/secret-scan.ts';
import type { Build } from '../../deploy/build.ts';
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

  /** With the tools, because npm takes a package that is both deployed and used by a test for a tool. */
  it('is named in the bill of materials', () => {
    const command = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
    const { components } = JSON.parse(
      execFileSync('npm', command, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    ) as { components: { name: string; group?: string }[] };
    const named = new Set(components.map(({ group, name }) => (group ? `${group}/${name}` : name)));
    expect(bundledPackages().length).toBeGreaterThan(10);
    expect(bundledPackages().filter((name) => !named.has(name))).toEqual([]);
  });

  it('has a licence that asks for nothing but its notice', () => {
    for (const name of bundledPackages())
      expect(deployable, name).toContain(lock.packages[`node_modules/${name}`]?.license);
  });
});

describe('the scan for secrets', () => {
  it('finds none in the repository', () => {
    expect(scanRepository(root)).toEqual([]);
  });

  const planted: [kind: string, text: string][] = [
    ['AWS access key', `id = ${'AKIA'}${'Q3EGRZ7XWPL5JH2T'}`],
    ['AWS secret key', `aws_secret_access_key = ${'wJalrXUtnFEMIK7MDENG'.repeat(2)}`],
    ['private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
    ['token of GitHub', `${'ghp'}_${'a1B2'.repeat(9)}`],
    ['token of npm', `${'npm'}_${'a1B2'.repeat(9)}`],
    ['token of Slack', `${'xox'}b-1234567890-abc`],
    ['JSON web token', `${'eyJ'}hbGciOiJIUzI1.${'eyJ'}zdWIiOiIxMjM0.c2lnbmF0dXJl`],
    ['password in an address', `postgres://admin:${'hunter'}22@db.example.com`],
  ];
  it.each(planted)('finds a planted %s, and does not repeat it', (kind, text) => {
    expect(findSecrets('a.txt', `first line\n${text}\n`)).toEqual([{ file: 'a.txt', line: 2, kind }]);
  });

  it.each([
    'accessKeyId: AKIAREHEARSAL0000000',
    'https://user@example.com/path',
    'postgres://app@127.0.0.1:5432/orders',
  ])('leaves what is no secret alone: %s', (text) => {
    expect(findSecrets('a.txt', text)).toEqual([]);
  });
});
