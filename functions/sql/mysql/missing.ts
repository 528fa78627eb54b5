import { codeOf } from './failure.ts';
import { ownSchema, probeUser, replicationUser } from './names.ts';
import { literal } from './quoting.ts';
import { isFrom, type Session } from './session.ts';

const tables = ['fence', 'heartbeat', 'probe', 'taken'];
const setup = 'run docs/setup-mysql.sql';
const rights = ['SELECT', 'PROCESS', 'ALTER', 'EVENT', 'CREATE USER', 'REPLICATION SLAVE'];
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
  if (!tables.every((name) => there.includes(name))) return [setup];
  // Rows that are changed later and never made: a row that came twice would stop a stream.
  const [row] = await session.query<{ found: number }>(
    `SELECT (SELECT COUNT(*) FROM ${ownSchema}.heartbeat WHERE name = 'beat') + (SELECT COUNT(*) FROM ${ownSchema}.fence WHERE id = 1) AS found`,
  );
  return Number(row?.found) === 2 ? [] : [`${setup}: a row of schema ${ownSchema} is missing`];
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
    : [`${setup}: an account is missing`];
}

/** Rights on the whole server, on our schema and on a table of it, each by its own view. */
async function findMissingRights(session: Session): Promise<string[]> {
  const own = await readRights(session, 'user_privileges', grantee('viridian'));
  const wanted = [...rights, ...(knowsPreparing(session) ? ['XA_RECOVER_ADMIN'] : [])];
  const lacking = without(wanted, own);
  if (!readsLog.some((right) => own.includes(right))) lacking.push('REPLICATION CLIENT');
  const inSchema = `${grantee('viridian')} AND table_schema = ${literal(ownSchema)}`;
  const ofProbe = `${grantee(probeUser)} AND table_schema = ${literal(ownSchema)} AND table_name = 'probe'`;
  return [
    ...describe(lacking, '*.*', 'viridian'),
    ...describe(
      without(['INSERT', 'UPDATE', 'DELETE'], await readRights(session, 'schema_privileges', inSchema)),
      `${ownSchema}.*`,
      'viridian',
    ),
    ...describe(
      without(['REPLICATION SLAVE'], await readRights(session, 'user_privileges', grantee(replicationUser))),
      '*.*',
      replicationUser,
    ),
    ...describe(
      without(['INSERT', 'UPDATE', 'SELECT'], await readRights(session, 'table_privileges', ofProbe)),
      `${ownSchema}.probe`,
      probeUser,
    ),
  ];
}

/** Who has it sees prepared transactions, from MySQL 8.0 on. */
const knowsPreparing = (session: Session) => session.flavour === 'mysql' && isFrom(session, '8.0');

const grantee = (user: string) => `grantee = ${literal(`'${user}'@'%'`)}`;

type View = 'schema_privileges' | 'table_privileges' | 'user_privileges';

const without = (wanted: string[], held: string[]) => wanted.filter((right) => !held.includes(right));

async function readRights(session: Session, view: View, which: string): Promise<string[]> {
  const rows = await session.query<{ right: string }>(
    `SELECT privilege_type AS \`right\` FROM information_schema.${view} WHERE ${which}`,
  );
  return rows.map(({ right }) => right);
}

const describe = (lacking: string[], on: string, to: string): string[] =>
  lacking.map((right) => `GRANT ${right} ON ${on} TO '${to}'@'%';`);

/** Who may read every schema is shown every procedure, so those that may be called are told by the rights themselves. */
async function findMissingProcedures(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string; callable: number }>(
    `SELECT r.routine_name AS name, p.routine_name IS NOT NULL AS callable
       FROM information_schema.routines r LEFT JOIN mysql.procs_priv p
         ON p.db = 'mysql' AND p.user = 'viridian' AND CONVERT(p.routine_name USING utf8mb4) = CONVERT(r.routine_name USING utf8mb4) AND FIND_IN_SET('Execute', p.proc_priv)
      WHERE r.routine_schema = 'mysql' AND r.routine_type = 'PROCEDURE'`,
  );
  const callable = rows.filter((row) => Number(row.callable) === 1).map(({ name }) => name);
  const wanted = session.flavour === 'mariadb' ? [...procedures, 'rds_replica_status'] : procedures;
  const word = rows.some(({ name }) => name === 'rds_set_external_source') ? 'source' : 'master';
  return without([...wanted, `rds_set_external_${word}`, `rds_reset_external_${word}`], callable).map(
    (name) => `GRANT EXECUTE ON PROCEDURE mysql.${name} TO 'viridian'@'%';`,
  );
}
