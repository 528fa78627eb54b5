import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CannotUnpack } from '../../debian/apt.ts';
import { unpackDebian } from '../../debian/unpack.ts';
import { CannotStart } from '../../servers/cannot-start.ts';
import { hasUpgradePrograms, installed } from './binaries.ts';

/** The suite of Debian that has a major. sid floats: today it has the newest. */
const SUITES: Readonly<Record<number, string>> = { 15: 'bookworm', 17: 'trixie', 18: 'sid' };

/** Folders with the programs of majors, for each one that was asked for; or why there are not all of them. */
export type Programs = { found: ReadonlyMap<number, string> } | { because: string };

export interface ProgramSearch {
  /** Folders that a person has named, by major: that of the programs, or the one above it. */
  given?: ReadonlyMap<number, string>;
  /** Whether packages of Debian may be downloaded. */
  mayDownload?: boolean;
  /** Hears what is being downloaded. */
  told?: (line: string) => void;
}

/**
 * Looks for PostgreSQL with everything that an upgrade needs: in the folders that were named, then among what is installed, then in
 * packages of Debian.
 * @throws CannotStart for a folder that was named and does not have them
 */
export async function findPrograms(majors: readonly number[], search: ProgramSearch = {}): Promise<Programs> {
  const found = new Map<number, string>();
  for (const major of new Set(majors)) {
    const folder = folderGiven(major, search) ?? installed(major).find(hasUpgradePrograms);
    const outcome = folder ?? (await unpacked(major, search));
    if (typeof outcome !== 'string') return outcome;
    found.set(major, outcome);
  }
  return { found };
}

function folderGiven(major: number, { given }: ProgramSearch): string | undefined {
  const folder = given?.get(major);
  if (folder === undefined) return undefined;
  const root = existsSync(join(folder, 'bin')) || basename(folder) !== 'bin' ? folder : dirname(folder);
  if (hasUpgradePrograms(root)) return root;
  throw new CannotStart(
    `--pg-bin ${major}=${folder}: there are not all programs of PostgreSQL ${major} (server, pg_upgrade, pg_dump and the other clients); name the folder that holds them`,
  );
}

async function unpacked(
  major: number,
  { mayDownload = true, told }: ProgramSearch,
): Promise<string | { because: string }> {
  const suite = SUITES[major];
  const cure = `name a folder that has them with --pg-bin ${major}=DIR`;
  if (suite === undefined) return { because: `no suite of Debian has PostgreSQL ${major}; ${cure}` };
  if (!mayDownload)
    return { because: `PostgreSQL ${major} is not installed with its client programs; ${cure}` };
  try {
    const tree = await unpackDebian(
      {
        suite,
        packages: [`postgresql-${major}`, `postgresql-client-${major}`],
        programs: [`usr/lib/postgresql/${major}/bin`],
        // Compiles long queries; the servers here run without it.
        without: /^libllvm/,
      },
      told,
    );
    const root = join(tree, `usr/lib/postgresql/${major}`);
    // Without its library the compiler would end long queries in an error; a server that does not find the compiler itself goes without.
    await rm(join(root, 'lib/llvmjit.so'), { force: true });
    return root;
  } catch (failure) {
    if (!(failure instanceof CannotUnpack)) throw failure;
    return {
      because: `PostgreSQL ${major} is not installed with its client programs, and ${failure.message}; ${cure}`,
    };
  }
}
