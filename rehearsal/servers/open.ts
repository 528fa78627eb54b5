import { isAurora } from '../../functions/domain/model/engine.ts';
import type { Flavour } from '../../packages/local-aws/mysql/server/programs.ts';
import type { PostgresOptions } from '../../packages/local-aws/postgres/data-plane.ts';
import { type Engine, rehearsed } from '../blue.ts';
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
  const named = wish.mysqlBin ?? new Map<string, string>();
  const flavour = flavourOf(engine, named);
  if (engine === 'aurora-mysql')
    told(`Aurora MySQL is played by servers of ${flavour === 'mariadb' ? 'MariaDB' : 'MySQL'}`);
  return openMysql({ flavour, from, to, named, told }, { ...options, aurora: isAurora(engine) });
}

/** Aurora MySQL is played by MariaDB, of which two versions can be had, unless the user names servers of MySQL. */
function flavourOf(engine: Engine, named: ReadonlyMap<string, string>): Flavour {
  if (engine === 'mariadb') return 'mariadb';
  return engine === 'mysql' || named.size > 0 ? 'mysql' : 'mariadb';
}
