import type { PostgresOptions } from '../../packages/local-aws/postgres/data-plane.ts';
import { rehearsed } from '../blue.ts';
import type { RehearsalOptions } from '../options.ts';
import { openMysql } from './mysql.ts';
import { openPostgres } from './postgres.ts';
import { findGreenWay } from './postgres-green-way.ts';
import type { Servers } from './servers.ts';

/** What decides which programs are needed, beside the versions. */
export type Wish = Partial<Pick<RehearsalOptions, 'dump' | 'source' | 'green' | 'pgBin' | 'mysqlBin'>> & {
  /** Is given a line when something is going to be downloaded. */
  told?: (line: string) => void;
};

/** The servers of the family of an engine. */
export async function openServers(
  wish: Pick<RehearsalOptions, 'engine' | 'from' | 'to'> & Wish,
  options: Omit<PostgresOptions, 'roles' | 'programs'>,
): Promise<Servers> {
  const { engine, from, to, told = () => {} } = wish;
  if (rehearsed[engine].family === 'postgresql')
    return openPostgres(options, [from, to], await findGreenWay(wish, told));
  const flavour = engine === 'mariadb' ? 'mariadb' : 'mysql';
  return openMysql({ flavour, from, to, named: wish.mysqlBin ?? new Map(), told }, options);
}
