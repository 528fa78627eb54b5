import { readFile } from 'node:fs/promises';
import { configureSql } from '../../functions/sql/settings.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { MASTER_ROLE } from '../../packages/local-aws/postgres/database.ts';

const setup = new URL('../../docs/setup-postgresql.sql', import.meta.url);

/**
 * The setup file as the master user runs it. The last statement stands for the right that `rds_replication` carries on RDS; here that role is
 * empty. What `rds_superuser` carries is the master's own, who is a superuser here; our role has nothing of it.
 */
export function asMaster(setup: string): string {
  return `SET SESSION AUTHORIZATION ${MASTER_ROLE}; ${setup}
ALTER ROLE viridian_replication REPLICATION; RESET SESSION AUTHORIZATION; RESET search_path; RESET standard_conforming_strings;`;
}

/** Runs the setup file on blue, as its owner would, and lets functions sign in to servers on this machine. */
export async function prepareWayBack(plane: PostgresDataPlane, blue: string): Promise<void> {
  await plane.loadSchema(blue, asMaster(await readFile(setup, 'utf8')));
  configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });
}
