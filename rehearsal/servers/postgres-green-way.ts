import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { whyNoDebian } from '../../packages/local-aws/debian/apt.ts';
import { installed, MAJORS } from '../../packages/local-aws/postgres/server/binaries.ts';
import { findPrograms } from '../../packages/local-aws/postgres/server/programs.ts';
import { CannotStart } from '../../packages/local-aws/servers/cannot-start.ts';
import { isOwn, type RehearsalOptions } from '../options.ts';
import type { Report } from '../report/types.ts';

type Wish = Pick<RehearsalOptions, 'from' | 'to'> &
  Partial<Pick<RehearsalOptions, 'dump' | 'source' | 'green' | 'pgBin'>>;

/** How green is made, and the programs for it. */
export interface GreenWay {
  green: Report['green'];
  /** Folders with the programs of both majors, where green is a copy. */
  found: ReadonlyMap<number, string> | undefined;
  clients: { pgDump: string; pgRestore: string } | undefined;
}

/**
 * Decides how green is made. A database of the user's is copied as RDS does it, where the programs can be had; the workload's own tables hold
 * nothing that statements would not make just as well.
 * @throws CannotStart when a copy was asked for and cannot be had
 */
export async function findGreenWay(wish: Wish, told: (line: string) => void): Promise<GreenWay> {
  const { green, from, to, pgBin = new Map<number, string>() } = wish;
  if (green === 'statements' || (!isOwn(wish) && green === undefined && pgBin.size === 0))
    return {
      green: { way: 'statements', because: null },
      found: undefined,
      clients: findClients(pgBin.values()),
    };
  const programs = await findPrograms([Number(from), Number(to)], { given: pgBin, told });
  if ('found' in programs)
    return {
      green: { way: 'copy', because: null },
      found: programs.found,
      clients: findClients([...programs.found.values()].reverse()),
    };
  if (green === 'copy') throw new CannotStart(`--green copy: ${programs.because}`);
  return {
    green: { way: 'statements', because: programs.because },
    found: undefined,
    clients: findClients(pgBin.values()),
  };
}

/** The newest client programs: they read what older ones have written. */
function findClients(given: Iterable<string>): GreenWay['clients'] {
  const roots = [...given, ...[...MAJORS].reverse().flatMap(installed)].map((root) =>
    existsSync(join(root, 'bin')) ? join(root, 'bin') : root,
  );
  const bin = roots.find(
    (folder) => existsSync(join(folder, 'pg_restore')) && existsSync(join(folder, 'pg_dump')),
  );
  return bin === undefined ? undefined : { pgDump: join(bin, 'pg_dump'), pgRestore: join(bin, 'pg_restore') };
}

/** Whether an archive of pg_dump can be read here, as far as a look tells that starts nothing. */
export const mayRestore = ({ pgBin, green }: Pick<RehearsalOptions, 'pgBin' | 'green'>) =>
  findClients(pgBin.values()) !== undefined || (green !== 'statements' && whyNoDebian() === undefined);
