import { codeOf } from './failure.ts';
import { ownSchema, probeUser, replicationUser } from './names.ts';
import { literal } from './quoting.ts';
import type { Session } from './session.ts';

const tables = ['fence', 'heartbeat', 'probe', 'taken'];
const rights = ['SELECT', 'PROCESS', 'ALTER', 'CREATE USER', 'REPLICATION SLAVE'];
/** MySQL calls the one right by a word, MariaDB by another one. */
const readsLog = ['REPLICATION CLIENT', 'BINLOG MONITOR'];
const procedures = [
  'rds_kill',
  'rds_set_configuration',
  'rds_show_configuration',
  'rds_start_replication',
  'rds_stop_replication',
];

/** What the setup file would still make or grant here, as statements or as the file's name. */
export async function readMissing(session: Session): Promise<string[]> {
  return [
    ...(await findMissingTables(session)),
    ...(await findMissingAccounts(session)),
    ...(await findMissingRights(session)),
    ...(await findMissingProcedures(session)),
  ];
}

async function findMissingTables(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${literal(ownSchema)}`,
  );
  const there = rows.map(({ name }) => name);
  return tables.every((name) => there.includes(name)) ? [] : ['run docs/setup-mysql.sql'];
}

async function findMissingAccounts(session: Session): Promise<string[]> {
  const rows = await session
    .query<{ user: string }>('SELECT DISTINCT user AS user FROM mysql.user')
    .catch((error: unknown) => {
      if (codeOf(error) === '1142') return undefined;
      throw error;
    });
  if (!rows) return ["GRANT SELECT ON *.* TO 'viridian'@'%';"];
  const there = rows.map(({ user }) => user);
  return [replicationUser, probeUser].every((name) => there.includes(name))
    ? []
    : ['run docs/setup-mysql.sql: an account is missing'];
}

async function findMissingRights(session: Session): Promise<string[]> {
  const rows = await session.query<{ right: string }>(
    `SELECT privilege_type AS \`right\` FROM information_schema.user_privileges
      WHERE grantee = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')`,
  );
  const held = rows.map(({ right }) => right);
  const lacking = rights.filter((right) => !held.includes(right));
  if (!readsLog.some((right) => held.includes(right))) lacking.push('REPLICATION CLIENT');
  return lacking.map((right) => `GRANT ${right} ON *.* TO 'viridian'@'%';`);
}

/** Only procedures that we may call are listed. */
async function findMissingProcedures(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_type = 'PROCEDURE'`,
  );
  const callable = rows.map(({ name }) => name);
  const wanted = session.flavour === 'mariadb' ? [...procedures, 'rds_replica_status'] : procedures;
  const lacking = wanted.filter((name) => !callable.includes(name));
  if (!callable.some((name) => /^rds_set_external_(master|source)$/.test(name)))
    lacking.push('rds_set_external_master');
  if (!callable.some((name) => /^rds_reset_external_(master|source)$/.test(name)))
    lacking.push('rds_reset_external_master');
  return lacking.map((name) => `GRANT EXECUTE ON PROCEDURE mysql.${name} TO 'viridian'@'%';`);
}
