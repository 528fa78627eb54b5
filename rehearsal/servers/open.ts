import type { PostgresOptions } from '../../packages/local-aws/postgres/data-plane.ts';
import { rehearsed } from '../blue.ts';
import type { RehearsalOptions } from '../options.ts';
import { openMysql } from './mysql.ts';
import { openPostgres } from './postgres.ts';
import type { Servers } from './servers.ts';

/** The servers of the family of an engine. */
export function openServers(
  { engine, from, to, mysqlBin }: Pick<RehearsalOptions, 'engine' | 'from' | 'to' | 'mysqlBin'>,
  options: Omit<PostgresOptions, 'roles'>,
): Promise<Servers> {
  if (rehearsed[engine].family === 'postgresql') return openPostgres(options, [from, to]);
  return openMysql(
    { flavour: engine === 'mariadb' ? 'mariadb' : 'mysql', from, to, named: mysqlBin },
    options,
  );
}
