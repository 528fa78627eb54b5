import { CannotUnpack } from '../../debian/apt.ts';
import { cacheFolder } from '../../debian/cache-folder.ts';
import { unpackDebian } from '../../debian/unpack.ts';
import { CannotStart } from '../../servers/cannot-start.ts';
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

/** Prefixes of installations that packages of the vendors and Homebrew make; without a series that of the newest version. */
const installations = (flavour: Flavour, series?: string) => {
  const formula = series === undefined ? flavour : `${flavour}@${series}`;
  return [`/opt/homebrew/opt/${formula}`, `/usr/local/opt/${formula}`, '/usr/local/mysql', '/'];
};

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
      { cause: failure },
    );
  }
}

/** The newest series of a flavour that can be had without a name: of what is installed on the machine, or of Debian's packages. */
export async function findNewestSeries(flavour: Flavour): Promise<string> {
  const found = await Promise.all(
    installations(flavour).map((root) => findPrograms(root).catch(() => undefined)),
  );
  const installed = found.flatMap((one) => (one?.flavour === flavour ? [one.series] : []));
  const offered = Object.keys(packaged)
    .filter((name) => name.startsWith(`${flavour} `))
    .map((name) => name.slice(flavour.length + 1));
  const all = installed.length > 0 ? installed : offered;
  return all.sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)).at(-1) ?? '';
}

function requireSeries(found: Programs, flavour: Flavour, series: string): Programs {
  if (found.flavour === flavour && found.series === series) return found;
  throw new CannotStart(`${found.server} is ${found.flavour} ${found.version}, not ${flavour} ${series}`);
}

/** Where the vendors have their archives. */
const archives = {
  mariadb: { label: 'MariaDB', page: () => 'https://mariadb.org/download/' },
  mysql: { label: 'MySQL', page: (series: string) => `https://dev.mysql.com/downloads/mysql/${series}.html` },
} as const;

function describeMissing(flavour: Flavour, series: string): string {
  const { label, page } = archives[flavour];
  const folder = `$HOME/${flavour}-${series}`;
  return `There is no server of ${label} ${series} on this machine. Download the generic archive of your system from ${page(series)}, then:
  mkdir -p ${folder} && tar -xf ${flavour}-${series}*.tar.* --strip-components=1 -C ${folder}
  npm start -- --engine ${flavour} --mysql-bin ${series}=${folder}`;
}
