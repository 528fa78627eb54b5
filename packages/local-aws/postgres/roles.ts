import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Database } from './database.ts';

/** Settings whose value is a list of names, which SQL wants as it stands and not as one quoted text. */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'session_preload_libraries',
  'local_preload_libraries',
]);

interface Role {
  rolname: string;
  rolsuper: boolean;
  rolinherit: boolean;
  rolcreaterole: boolean;
  rolcreatedb: boolean;
  rolcanlogin: boolean;
  rolreplication: boolean;
  rolbypassrls: boolean;
  rolconnlimit: number;
  rolpassword: string | null;
  settings: string[];
}

/** Gives `to` the roles of `from`, with passwords, settings and memberships. Roles that exist are brought in line. */
export async function copyRoles(from: Database, to: Database): Promise<void> {
  const roles = await from.sql.query<Role>(
    `SELECT a.*, coalesce(s.setconfig, '{}') AS settings
       FROM pg_authid a LEFT JOIN pg_db_role_setting s ON s.setrole = a.oid AND s.setdatabase = 0
      WHERE a.rolname !~ '^pg_' ORDER BY a.oid`,
  );
  const known = await to.sql.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  const names = new Set(known.rows.map((row) => row.rolname));
  for (const role of roles.rows) {
    const verb = names.has(role.rolname) ? 'ALTER' : 'CREATE';
    await to.sql.query(`${verb} ROLE ${escapeIdentifier(role.rolname)} ${attributes(role)}`);
    for (const setting of role.settings) await to.sql.query(settingOf(role.rolname, setting));
  }
  await copyMemberships(from, to);
}

function attributes(role: Role): string {
  const flags: [boolean, string][] = [
    [role.rolsuper, 'SUPERUSER'],
    [role.rolinherit, 'INHERIT'],
    [role.rolcreaterole, 'CREATEROLE'],
    [role.rolcreatedb, 'CREATEDB'],
    [role.rolcanlogin, 'LOGIN'],
    [role.rolreplication, 'REPLICATION'],
    [role.rolbypassrls, 'BYPASSRLS'],
  ];
  const words = flags.map(([has, word]) => (has ? word : `NO${word}`));
  const password = role.rolpassword === null ? 'NULL' : escapeLiteral(role.rolpassword);
  return `${words.join(' ')} CONNECTION LIMIT ${role.rolconnlimit} PASSWORD ${password}`;
}

function settingOf(role: string, setting: string): string {
  const name = setting.slice(0, setting.indexOf('='));
  const value = setting.slice(name.length + 1);
  const written = LISTS.has(name) ? value || "''" : escapeLiteral(value);
  return `ALTER ROLE ${escapeIdentifier(role)} SET ${name} TO ${written}`;
}

async function copyMemberships(from: Database, to: Database): Promise<void> {
  const { rows } = await from.sql.query<{ parent: string; member: string; admin: boolean }>(
    `SELECT DISTINCT roleid::regrole::text AS parent, member::regrole::text AS member, bool_or(admin_option) AS admin
       FROM pg_auth_members WHERE member::regrole::text !~ '^"?pg_' GROUP BY 1, 2`,
  );
  for (const { parent, member, admin } of rows) {
    await to.sql.query(`GRANT ${parent} TO ${member}${admin ? ' WITH ADMIN OPTION' : ''}`);
  }
}
