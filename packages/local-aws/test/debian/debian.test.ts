import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CannotUnpack, OutOfReach, readDependencies, whyNoDebian } from '../../debian/apt.ts';
import { cacheFolder } from '../../debian/cache-folder.ts';
import { bindPrograms } from '../../debian/programs.ts';
import { unpackDebian, withLibraries } from '../../debian/unpack.ts';
import { CannotStart } from '../../servers/cannot-start.ts';
import { whyLeftOut } from './left-out.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'debian-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('packages of Debian', () => {
  const printed = `postgresql-17
 |Depends: locales
  Depends: locales-all
  Depends: postgresql-common
  Depends: <debconf-2.0>
    cdebconf
  Depends: libpq5
  Depends: libllvm19
postgresql-common
  PreDepends: perl
  Depends: libjson-perl
libpq5
  Depends: libc6
  Depends: zlib1g
  Depends: libgnutls-data
libc6
  Depends: libgcc-s1
libllvm19
  Depends: libz3-4
<debconf-2.0>
`;

  it('come with the libraries that they need, and with nothing that only an installation needs', () => {
    const request = { packages: ['postgresql-17'], without: /^libllvm/ };
    expect(withLibraries(request, readDependencies(printed))).toEqual([
      'libc6',
      'libgcc-s1',
      'libpq5',
      'postgresql-17',
      'zlib1g',
    ]);
  });

  it('are not asked for where they cannot be verified', () => {
    expect(whyNoDebian(join(folder, 'no-keyring.gpg'))).toMatch(
      process.platform === 'linux' ? /no-keyring\.gpg is missing|has no apt-get/ : /for Linux/,
    );
  });

  it.skipIf(whyNoDebian())('are out of reach where nobody answers for the archive', async () => {
    for (const proxy of ['http_proxy', 'https_proxy']) vi.stubEnv(proxy, 'http://127.0.0.1:9');
    const request = { suite: 'sid', packages: ['anything'], programs: [] };
    await expect(unpackDebian(request, () => {}, folder)).rejects.toBeInstanceOf(OutOfReach);
    expect(readdirSync(join(folder, 'debian'))).toEqual([]);
  });

  it.each([
    [{ VIRIDIAN_CACHE: '/somewhere' }, '/somewhere'],
    [{}, process.getuid?.() === 0 ? '/var/cache/viridian' : /\.cache\/viridian$/],
  ])('are kept in a folder that servers can reach: %j', (environment, expected) => {
    const found = cacheFolder(environment);
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});

describe('tests whose programs are missing', () => {
  const outOfReach = new CannotStart('no server', { cause: new OutOfReach('no network') });
  const isLeftOut = (failure?: Error) =>
    whyLeftOut(() => (failure ? Promise.reject(failure) : Promise.resolve())).catch(() => 'fails');

  it.each([
    ['', new CannotUnpack('no such package'), 'no such package'],
    ['true', new CannotUnpack('no such package'), 'fails'],
    ['true', new CannotStart('it does not start'), 'fails'],
    ['true', outOfReach, 'no server'],
    ['', new TypeError('a mistake'), 'fails'],
    ['true', undefined, undefined],
  ])('are left out, or fail: CI=%s, %s', async (ci, failure, expected) => {
    vi.stubEnv('CI', ci);
    vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await isLeftOut(failure)).toBe(expected);
  });
});

/** This machine's own program with its loader and libraries, laid out as a package has them. */
function layOut(tree: string, program: string): string[] {
  const needed = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
  mkdirSync(libraries, { recursive: true });
  for (const library of needed) copyFileSync(library, join(libraries, basename(library)));
  mkdirSync(join(tree, 'usr/sbin'), { recursive: true });
  copyFileSync(program, join(tree, 'usr/sbin', basename(program)));
  return needed;
}

/** Needs glibc: another C library has another loader. */
const hasGlibc = existsSync('/lib64/ld-linux-x86-64.so.2');

describe.skipIf(!hasGlibc)('programs of another suite', () => {
  it('run with the loader and the libraries of their own tree, and wherever the tree is moved', async () => {
    const [first, moved] = [join(folder, 'first'), join(folder, 'moved')];
    layOut(first, '/bin/cat');
    await bindPrograms(first, ['usr/sbin', 'usr/not-there']);
    renameSync(first, moved);
    const maps = execFileSync(join(moved, 'usr/sbin/cat'), ['/proc/self/maps'], { encoding: 'utf8' });
    const loaded = new Set(maps.match(/\/\S+/g)?.filter((path) => /\.so|\/cat$/.test(path)));
    expect(loaded.size).toBeGreaterThan(2);
    expect([...loaded].map((path) => path.startsWith(`${moved}/`))).not.toContain(false);
    expect(readdirSync(dirname(join(moved, 'usr/sbin/cat')))).toEqual(['cat']);
  });

  it('are refused when the packages brought no loader', async () => {
    layOut(folder, '/bin/cat');
    const libraries = join(folder, 'usr/lib/x86_64-linux-gnu');
    rmSync(join(libraries, 'ld-linux-x86-64.so.2'));
    await expect(bindPrograms(folder, ['usr/sbin'])).rejects.toThrow(/no loader/);
  });
});
