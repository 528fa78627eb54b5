import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CannotStart } from '../../servers/cannot-start.ts';

const run = promisify(execFile);

export type Flavour = 'mariadb' | 'mysql';

/** The programs of one version of MariaDB or MySQL, ready to run. */
export interface Programs {
  flavour: Flavour;
  /** Exact version as the program prints it, for example `10.11.18`. */
  version: string;
  /** First two numbers of the version, by which RDS names families of parameter groups: `10.11`. */
  series: string;
  server: string;
  /** Folder that the server takes as its installation. */
  base: string;
  /** Error messages, character sets, and the statements that make the system tables. */
  messages: string;
}

/** Where things lie below the folder of an installation: Debian's packages, packages of the vendors, Homebrew. */
const places = {
  server: [
    'usr/sbin/mariadbd',
    'usr/sbin/mysqld',
    'bin/mariadbd',
    'bin/mysqld',
    'sbin/mariadbd',
    'sbin/mysqld',
  ],
  messages: ['usr/share/mariadb', 'usr/share/mysql', 'share/mariadb', 'share/mysql', 'share'],
} as const;

/** Finds the programs below a folder and proves that they run. */
export async function findPrograms(root: string): Promise<Programs> {
  const server = places.server.map((place) => join(root, place)).find((path) => existsSync(path));
  if (!server) throw new CannotStart(`there is no mariadbd and no mysqld below ${root}`);
  const messages = places.messages
    .map((place) => join(root, place))
    .find((path) => existsSync(join(path, 'english/errmsg.sys')) || existsSync(join(path, 'english')));
  if (!messages) throw new CannotStart(`there are no error messages of a server below ${root}`);
  const base = server.startsWith(join(root, 'usr')) ? join(root, 'usr') : root;
  const { flavour, version } = await readVersion(server);
  return { flavour, version, series: seriesOf(version), server, base, messages };
}

/** `10.11.18` → `10.11`. */
export const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

async function readVersion(server: string): Promise<{ flavour: Flavour; version: string }> {
  const { stdout } = await run(server, ['--no-defaults', '--version'], { cwd: '/' });
  const version = /Ver (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) throw new CannotStart(`${server} does not say its version: ${stdout.trim()}`);
  return { flavour: /mariadb/i.test(stdout) ? 'mariadb' : 'mysql', version };
}
