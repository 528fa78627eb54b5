import { CannotUnpack } from '../../debian/apt.ts';
import { cacheFolder } from '../../debian/cache-folder.ts';
import { unpackDebian } from '../../debian/unpack.ts';
import { CannotStart } from '../../postgres/server/cannot-start.ts';
import { type Flavour, findPrograms, type Programs } from './programs.ts';

/** The suite of Debian that has a version, and its package. */
interface Packaged {
  suite: string;
  package: string;
}

/** By flavour and series. MySQL 8.0 and 8.4 are in no suite; sid floats, and may drop its MySQL. */
const packaged: Record<string, Packaged> = {
  'mariadb 10.11': { suite: 'bookworm', package: 'mariadb-server-core' },
  'mariadb 11.8': { suite: 'trixie', package: 'mariadb-server-core' },
  'mysql 9.7': { suite: 'sid', package: 'mysql-server-core' },
};

/** Prefixes of installations that packages of the vendors and Homebrew make. */
const installations = (flavour: Flavour, series: string) => [
  `/opt/homebrew/opt/${flavour}@${series}`,
  `/usr/local/opt/${flavour}@${series}`,
  '/usr/local/mysql',
  '/',
];

export interface ProvideOptions {
  /** Folders that the user names, by series. They come first, and must be right. */
  named?: ReadonlyMap<string, string>;
  /** Is given a line when something is going to be downloaded. */
  told?: (line: string) => void;
  cache?: string;
}

/**
 * Finds the servers of a version: in a folder that the user names, installed on the machine, in Debian's packages unpacked into a cache. Nothing is
 * installed.
 */
export async function providePrograms(
  flavour: Flavour,
  series: string,
  { named, told, cache = cacheFolder() }: ProvideOptions = {},
): Promise<Programs> {
  const folder = named?.get(series);
  if (folder !== undefined) return requireSeries(await findPrograms(folder), flavour, series);
  for (const installation of installations(flavour, series)) {
    const found = await findPrograms(installation).catch(() => undefined);
    if (found?.flavour === flavour && found.series === series) return found;
  }
  const source = packaged[`${flavour} ${series}`];
  if (!source) throw new CannotStart(describeMissing(flavour, series));
  try {
    const root = await unpackDebian(
      { suite: source.suite, packages: [source.package], programs: ['usr/sbin'] },
      told,
      cache,
    );
    return requireSeries(await findPrograms(root), flavour, series);
  } catch (failure) {
    if (!(failure instanceof CannotUnpack)) throw failure;
    throw new CannotStart(
      `${describeMissing(flavour, series)} Debian's package could not be had: ${failure.message}`,
    );
  }
}

function requireSeries(found: Programs, flavour: Flavour, series: string): Programs {
  if (found.flavour === flavour && found.series === series) return found;
  throw new CannotStart(`${found.server} is ${found.flavour} ${found.version}, not ${flavour} ${series}`);
}

function describeMissing(flavour: Flavour, series: string): string {
  const label = flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
  return `There is no server of ${label} ${series} on this machine: unpack one from its vendor's archive and name its folder.`;
}
