import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DumpError } from './dump-error.ts';

/** What a file is, by its first bytes. */
export interface Format {
  name: string;
  matches(head: Buffer): boolean;
  /** Program that unpacks it from its standard input to its standard output. */
  unpacked?: readonly string[];
  /** An archive of pg_dump, which pg_restore turns into a script. */
  restored?: true;
  /** Why it cannot be read, and what to do. */
  refused?: (file: string) => string;
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
  { name: 'a custom archive of pg_dump', matches: beginsWith('PGDMP'), restored: true },
  {
    name: 'a tar archive of pg_dump',
    matches: (head) => isTar(head) && /^toc\.dat\0/.test(head.toString('latin1')),
    restored: true,
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
    refused: (file) =>
      `it is UTF-32, in which PostgreSQL reads nothing; convert it: iconv -f UTF-32 -t UTF-8 ${file}`,
  },
  {
    name: 'UTF-16',
    matches: (head) => begins(0xff, 0xfe)(head) || begins(0xfe, 0xff)(head),
    refused: (file) =>
      `it is UTF-16, in which PostgreSQL reads nothing; convert it: iconv -f UTF-16 -t UTF-8 ${file}`,
  },
  {
    name: 'SQLite',
    matches: beginsWith('SQLite format 3'),
    refused: () => 'it is a SQLite database; give a dump that pg_dump has made',
  },
  {
    name: 'MySQL',
    matches: (head) => /^(-- |\/\*!?.*\*\/;?\s*-- )(MySQL|MariaDB) dump/.test(head.toString('latin1')),
    refused: () => 'it is a dump of MySQL or MariaDB; give a dump that pg_dump has made',
  },
  {
    name: 'binary',
    matches: (head) => head.includes(0),
    refused: () => 'it is not a text; give a plain, custom, directory or tar dump of pg_dump',
  },
];

/** Enough to know each format. */
export const headBytes = 512;

/** @throws DumpError where nothing of this format can be read, or only by a pg_restore and there is none */
export function requireReadable(file: string, found: Format | undefined, canRestore: boolean): void {
  if (found?.refused) throw new DumpError(`${file} cannot be read: ${found.refused(file)}`);
  if (found?.restored && !canRestore) throw new DumpError(needsRestore(file, found));
}

const needsRestore = (file: string, { name }: Format) =>
  `${file} is ${name}, which only pg_restore reads, and this machine has none: install the client programs of PostgreSQL, name their folder with --pg-bin, or make a plain one where there are some: pg_restore -f plain.sql ${file}`;

/** A folder of pg_dump, which is an archive like the others. */
export const folder: Format = { name: 'a folder of pg_dump', matches: () => false, restored: true };

/** @returns undefined for a plain text */
export async function sniff(file: string): Promise<Format | undefined> {
  const handle = await open(file).catch((error: Error) => {
    throw new DumpError(`${file} cannot be read: ${error.message}`);
  });
  try {
    if ((await handle.stat()).isDirectory()) {
      if (existsSync(join(file, 'toc.dat'))) return folder;
      throw new DumpError(
        `${file} is a folder, and none that pg_dump has made (there is no toc.dat); give a dump`,
      );
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return formatOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

export const formatOf = (head: Buffer) => FORMATS.find(({ matches }) => matches(head));
