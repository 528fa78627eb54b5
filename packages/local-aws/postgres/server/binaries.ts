import { execFile } from 'node:child_process';
import { constants, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type Account, unprivilegedAccount } from '../../servers/account.ts';
import { CannotStart } from '../../servers/cannot-start.ts';

const run = promisify(execFile);

/** The programs of one PostgreSQL major, ready to run. */
export interface Binaries {
  major: number;
  /** Exact version as the program prints it, for example `15.18`. */
  version: string;
  initdb: string;
  postgres: string;
  /** Folder of the programs: those above, and all others where {@link Binaries.isComplete}. */
  bin: string;
  /** Has the programs that copy and upgrade a server as RDS does; the npm packages have none of them. */
  isComplete: boolean;
}

/** What an upgrade calls besides the server itself, on either side of it. */
const UPGRADE_PROGRAMS = [
  'pg_upgrade',
  'pg_ctl',
  'pg_dump',
  'pg_dumpall',
  'pg_restore',
  'psql',
  'vacuumdb',
  'pg_resetwal',
  'pg_controldata',
];

export const hasUpgradePrograms = (root: string) =>
  UPGRADE_PROGRAMS.every((program) => existsSync(join(root, 'bin', program)));

/** Majors that the rehearsal has packages for. */
export const MAJORS = [15, 16, 17, 18] as const;

/** Major of an engine version as RDS writes it: `15.8` → 15. */
export function majorOf(engineVersion: string): number {
  const major = Number.parseInt(engineVersion, 10);
  if (MAJORS.includes(major as never)) return major;
  throw new Error(
    `The rehearsal has servers for PostgreSQL ${MAJORS.join(', ')}; engine version "${engineVersion}" is none of them.`,
  );
}

/**
 * Finds the programs of a major and proves that they run: the npm package first, then the system's own.
 *
 * @param copies directory that the servers' account can reach; the programs are copied there when they cannot be
 *   run where they are (a checkout in a home directory with mode 0700, a read-only installation).
 * @param given folder with `bin`, which is taken and no other
 */
export async function findBinaries(major: number, copies: string, given?: string): Promise<Binaries> {
  if (given !== undefined) return prove(major, given, copies);
  const failures: string[] = [];
  for (const candidate of [packaged(major), ...installed(major)]) {
    if (candidate === undefined || !existsSync(join(candidate, 'bin/postgres'))) continue;
    try {
      return await prove(major, candidate, copies);
    } catch (failure) {
      failures.push(`${candidate}: ${(failure as Error).message.trim()}`);
    }
  }
  throw new CannotStart(describeMissing(major, failures));
}

function describeMissing(major: number, failures: string[]): string {
  const name = packageName(major);
  if (failures.length > 0) {
    return `PostgreSQL ${major} is installed but does not run (the packages need glibc):\n${failures.join('\n')}`;
  }
  return (
    `PostgreSQL ${major} is not installed: there is no package ${name} and no ${installed(major)[0]}. ` +
    `Run "npm install" without --omit=optional, or install PostgreSQL ${major} on this machine.`
  );
}

const packageName = (major: number) => `pg${major}-${process.platform}-${process.arch}`;

/** The package's folder with `bin`, `lib` and `share`. It exports nothing but its entry file, so that leads there. */
function packaged(major: number): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName(major));
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
}

/** Where distributions put a major: Debian and Ubuntu, the RPMs of PostgreSQL, Homebrew. */
export function installed(major: number): string[] {
  return [
    `/usr/lib/postgresql/${major}`,
    `/usr/pgsql-${major}`,
    `/opt/homebrew/opt/postgresql@${major}`,
    `/usr/local/opt/postgresql@${major}`,
  ];
}

/** Makes one installation run, where it is or as a copy, or rejects with the reason why it does not. */
export async function prove(major: number, root: string, copies: string): Promise<Binaries> {
  const account = unprivilegedAccount();
  try {
    hydrate(root);
    return await inspect(major, root, account);
  } catch (failure) {
    const code = (failure as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw failure;
  }
  const copy = join(copies, `postgresql-${major}`);
  cpSync(root, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
  hydrate(copy);
  return inspect(major, copy, account);
}

/**
 * npm packs no symbolic links, so the packages carry a list of them for a script that runs after installation.
 * That script does not run under `--ignore-scripts`, and then the libraries are not found; so the links are made here.
 */
export function hydrate(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target.replace(/^native\//, ''));
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    }
  }
}

async function inspect(major: number, root: string, account: Account | undefined): Promise<Binaries> {
  const postgres = join(root, 'bin/postgres');
  const as = account && { uid: account.uid, gid: account.gid };
  const { stdout } = await run(postgres, ['--version'], { ...as, cwd: '/' });
  const version = /(\d+)(\.\d+)?/.exec(stdout)?.[0] ?? '';
  if (Number.parseInt(version, 10) !== major)
    throw new Error(`it is version "${stdout.trim()}", not ${major}`);
  const bin = join(root, 'bin');
  return { major, version, postgres, initdb: join(bin, 'initdb'), bin, isComplete: hasUpgradePrograms(root) };
}

/** Names of the extensions that come with programs; undefined where this layout is not known. */
export function extensionsOf({ bin, major }: Binaries): Set<string> | undefined {
  const layouts = [
    '../share/postgresql/extension',
    '../share/extension',
    `../share/postgresql@${major}/extension`,
    `../../../../share/postgresql/${major}/extension`,
  ];
  const folder = layouts.map((layout) => join(bin, layout)).find((path) => existsSync(path));
  if (folder === undefined) return undefined;
  const controls = readdirSync(folder).filter((name) => name.endsWith('.control'));
  return new Set(controls.map((name) => name.slice(0, -'.control'.length)));
}
