import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CannotStart } from '../../postgres/server/cannot-start.ts';

const run = promisify(execFile);

export type Flavour = 'mariadb' | 'mysql';

/** The programs of one version of MariaDB or MySQL, ready to run. */
export interface Programs {
  flavour: Flavour;
  /** Exact version as the program prints it, for example `10.11.18`. */
  version: string;
  /** First two numbers of the version, by which RDS names families of parameter groups: `10.11`. */
  series: string;
  /** What is run: the server, behind a loader of its own where it was unpacked with its own libraries. */
  command: readonly string[];
  /** Folder that the server takes as its installation. */
  base: string;
  /** Error messages, character sets, and the statements that make the system tables. */
  messages: string;
}

/** Where the programs of an installation lie, below its folder: Debian's packages, packages of the vendors, Homebrew. */
const places = {
  servers: ['usr/sbin/mariadbd', 'usr/sbin/mysqld', 'bin/mariadbd', 'bin/mysqld', 'sbin/mysqld'],
  messages: ['usr/share/mariadb', 'usr/share/mysql', 'share/mariadb', 'share/mysql', 'share'],
  loaders: [
    'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    'usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
    'lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
  ],
} as const;

/**
 * Finds the programs below a folder and proves that they run. An unpacked folder that carries its own C library is run behind its own
 * loader: never the loader of the one with the library of the other, which crashes.
 */
export async function findPrograms(root: string): Promise<Programs> {
  const server = first(root, places.servers);
  if (!server) throw new CannotStart(`there is no mariadbd and no mysqld below ${root}`);
  const loader = first(root, places.loaders);
  const libraries = ['usr/lib', 'lib'].flatMap((folder) =>
    ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => join(root, folder, machine)),
  );
  const command = loader
    ? [loader, '--library-path', libraries.filter((path) => existsSync(path)).join(':'), server]
    : [server];
  const { flavour, version } = await readVersion(command);
  const messages = places.messages
    .map((place) => join(root, place))
    .find((path) => existsSync(join(path, 'english')) || existsSync(join(path, 'english/errmsg.sys')));
  if (!messages) throw new CannotStart(`there are no error messages of a server below ${root}`);
  const base = loader || existsSync(join(root, 'usr/sbin')) ? join(root, 'usr') : root;
  return { flavour, version, series: seriesOf(version), command, base, messages };
}

/** `10.11.18` → `10.11`. */
export const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

async function readVersion(command: readonly string[]): Promise<{ flavour: Flavour; version: string }> {
  const [program = '', ...args] = command;
  const { stdout } = await run(program, [...args, '--no-defaults', '--version'], { cwd: '/' });
  const version = /Ver (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) throw new CannotStart(`${command.at(-1)} does not say its version: ${stdout.trim()}`);
  return { flavour: /mariadb/i.test(stdout) ? 'mariadb' : 'mysql', version };
}

function first(root: string, paths: readonly string[]): string | undefined {
  return paths.map((path) => join(root, path)).find((path) => existsSync(path));
}
