import { escapeIdentifier } from 'pg';
import { APP_ROLE, MASTER_ROLE, type Sql } from '../database.ts';
import { OWNER } from '../server/server.ts';

/** Roles that stand for RDS and for the rehearsal itself; a dump does not change them. */
const OWN = new Set([OWNER, MASTER_ROLE, APP_ROLE]);

export const isOwnRole = (name: string) => OWN.has(name) || /^rds/.test(name);

/** PostgreSQL keeps these names for itself; a newer major has more of them. */
export const isReserved = (name: string) => name.startsWith('pg_');

/** Which of these roles the server has. */
export async function knownRoles(sql: Sql, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)',
    [names],
  );
  return new Set(rows.map(({ rolname }) => rolname));
}

/** Makes roles that a dump takes for granted. They cannot sign in. */
export async function makeRoles(sql: Sql, names: readonly string[]): Promise<void> {
  for (const name of names) await sql.query(`CREATE ROLE ${escapeIdentifier(name)}`);
}

/** Lets a role make objects, where it is not the dump that has made it and given it rights. @returns what green needs as well */
export async function letCreate(sql: Sql, role: string): Promise<string[]> {
  const name = escapeIdentifier(role);
  const { rows } = await sql.query<{ database: string }>('SELECT current_database() AS database');
  const statements = [
    `GRANT CREATE ON DATABASE ${escapeIdentifier(rows[0]?.database ?? '')} TO ${name}`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${name}`,
  ];
  for (const statement of statements) await sql.query(statement);
  return statements;
}
