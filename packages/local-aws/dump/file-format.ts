import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DumpError } from './dump-error.ts';

/** Families of databases, each with a program that makes its dumps. */
export type DumpFamily = 'postgresql' | 'mysql';

interface Maker {
  /** Programs, as a message names them. */
  program: string;
  label: string;
  forms: string;
}

const makers: Record<DumpFamily, Maker> = {
  postgresql: {
    program: 'pg_dump',
    label: 'PostgreSQL',
    forms: 'a plain, custom, directory or tar dump of pg_dump',
  },
  mysql: {
    program: 'mysqldump or mariadb-dump',
    label: 'MySQL and MariaDB',
    forms: 'a plain dump of mysqldump or mariadb-dump',
  },
};

/** What a file is, by its first bytes. */
export interface Format {
  name: string;
  matches(head: Buffer): boolean;
  /** Program that unpacks it from its standard input to its standard output. */
  unpacked?: readonly string[];
  /** An archive of pg_dump, which pg_restore turns into a script. */
  restored?: true;
  /** Why it cannot be read, and what to do. */
  refused?: (file: string, wanted: Maker) => string;
  /** Whose it is; both where nothing is said. Another family refuses it. */
  of?: DumpFamily;
}

const begins = (...bytes: number[]) => {
  const expected = Buffer.from(bytes);
  return (head: Buffer) => head.subarray(0, bytes.length).equals(expected);
};
const beginsWith = (text: string) => begins(...Buffer.from(text, 'latin1'));
const isTar = (head: Buffer) => head.subarray(257, 262).toString('latin1') === 'ustar';

const FORMATS: readonly Format[] = [
  { name: 'gzip', matches: begins(0x1f, 0x8b), unpacked: [] },
  { name: 'zstd', matches: begins(0x28, 0xb5, 0x2f, 0xfd), unpacked: ['zstd', '-dcq'] },
  { name: 'bzip2', matches: beginsWith('BZh'), unpacked: ['bzip2', '-dc'] },
  { name: 'xz', matches: begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00), unpacked: ['xz', '-dc'] },
  { name: 'lz4', matches: begins(0x04, 0x22, 0x4d, 0x18), unpacked: ['lz4', '-dc'] },
  { name: 'a custom archive of pg_dump', matches: beginsWith('PGDMP'), restored: true, of: 'postgresql' },
  {
    name: 'a tar archive of pg_dump',
    matches: (head) => isTar(head) && /^toc\.dat\0/.test(head.toString('latin1')),
    restored: true,
    of: 'postgresql',
  },
  {
    name: 'tar',
    matches: isTar,
    refused: (file) => `it is a tar archive and no dump; unpack it: tar -xf ${file}`,
  },
  {
    name: 'zip',
    matches: beginsWith('PK\x03\x04'),
    refused: (file) => `it is a zip archive; unpack it: unzip ${file}`,
  },
  {
    name: 'UTF-32',
    matches: (head) => begins(0xff, 0xfe, 0, 0)(head) || begins(0, 0, 0xfe, 0xff)(head),
    refused: (file, { label }) =>
      `it is UTF-32, in which ${label} can read nothing; convert it: iconv -f UTF-32 -t UTF-8 ${file}`,
  },
  {
    name: 'UTF-16',
    matches: (head) => begins(0xff, 0xfe)(head) || begins(0xfe, 0xff)(head),
    refused: (file, { label }) =>
      `it is UTF-16, in which ${label} can read nothing; convert it: iconv -f UTF-16 -t UTF-8 ${file}`,
  },
  {
    name: 'SQLite',
    matches: beginsWith('SQLite format 3'),
    refused: (_file, { program }) => `it is a SQLite database; give a dump that ${program} has made`,
  },
  {
    name: 'a dump of MySQL or MariaDB',
    matches: (head) => /^(-- |\/\*M?!?.*\*\/;?\s*-- )(MySQL|MariaDB) dump/.test(head.toString('latin1')),
    of: 'mysql',
  },
  {
    name: 'a dump of PostgreSQL',
    matches: (head) => /^(--\s*)*-- PostgreSQL database (cluster )?dump/.test(head.toString('latin1')),
    of: 'postgresql',
  },
  {
    name: 'binary',
    matches: (head) => head.includes(0),
    refused: (_file, { forms }) => `it is not a text; give ${forms}`,
  },
];

/** Enough to know each format. */
export const headBytes = 512;

/** @throws DumpError where nothing of this format can be read, or only by a pg_restore and there is none */
export function requireReadable(
  file: string,
  found: Format | undefined,
  canRestore: boolean,
  family: DumpFamily,
): void {
  if (found?.refused) throw new DumpError(`${file} cannot be read: ${found.refused(file, makers[family])}`);
  if (found?.of && found.of !== family)
    throw new DumpError(
      `${file} cannot be read: it is ${found.name}; give a dump that ${makers[family].program} has made, or rehearse it by ${found.of === 'mysql' ? '--engine mariadb or --engine mysql' : '--engine postgres'}`,
    );
  if (found?.restored && !canRestore) throw new DumpError(needsRestore(file, found));
}

const needsRestore = (file: string, { name }: Format) =>
  `${file} is ${name}, which only pg_restore reads, and this machine has none: install the client programs of PostgreSQL, name their folder with --pg-bin, or make a plain one where there are some: pg_restore -f plain.sql ${file}`;

/** A folder of pg_dump, which is an archive like the others. */
export const folder: Format = {
  name: 'a folder of pg_dump',
  matches: () => false,
  restored: true,
  of: 'postgresql',
};

/** @returns undefined for a plain text */
export async function sniff(file: string, family: DumpFamily): Promise<Format | undefined> {
  const handle = await open(file).catch((error: Error) => {
    throw new DumpError(`${file} cannot be read: ${error.message}`);
  });
  try {
    if ((await handle.stat()).isDirectory()) {
      if (existsSync(join(file, 'toc.dat'))) return folder;
      throw new DumpError(
        family === 'postgresql'
          ? `${file} is a folder, and none that pg_dump has made (there is no toc.dat); give a dump`
          : `${file} is a folder, as mydumper or mysqldump --tab make it; give ${makers[family].forms}`,
      );
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return formatOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

export const formatOf = (head: Buffer) => FORMATS.find(({ matches }) => matches(head));
