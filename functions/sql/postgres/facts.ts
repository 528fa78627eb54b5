import { firstNames } from '../../domain/model/first-names.ts';
import type { OpenTransaction, ServerFacts } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { boundLists } from './bound-lists.ts';
import { readDatabase } from './database-facts.ts';
import { listDatabases } from './databases.ts';
import { readApplicationRoles, readMissingOnServer, readOtherLoginRoles } from './role-facts.ts';
import { eachDatabase, type Session, withSession } from './session.ts';

/** Everything that decides whether there can be a way back, in one look at a server. */
export async function facts(input: Input<'facts'>): Promise<Answer<'facts'>> {
  const server = await withSession(input, 'postgres', async (session) => ({
    ...(await readServer(session)),
    applicationRoles: await readApplicationRoles(session, input.applicationRoles),
    otherLoginRoles: await readOtherLoginRoles(session, input.applicationRoles),
    missing: await readMissingOnServer(session),
    foreignSlots: await readForeignSlots(session),
    openTransactions: await readOpenTransactions(session),
    names: input.databases ?? (await listDatabases(session)).map(({ name }) => name),
  }));
  const { names, ...rest } = server;
  const found = [...(await eachDatabase(input, names, readDatabase)).values()];
  const isAsked = input.databases !== undefined;
  const databases = found.filter(({ tables, sequences }) => isAsked || tables + sequences > 0);
  return { ...rest, foreignSlots: firstNames(rest.foreignSlots), databases: boundLists(databases) };
}

/** Processes of a server that are no background workers (PostgreSQL manual, pg_stat_activity); parallel workers come and go with a statement. */
const noWorkers = [
  ...[
    'archiver',
    'autovacuum launcher',
    'autovacuum worker',
    'background writer',
    'checkpointer',
    'client backend',
    'io worker',
  ],
  ...[
    'parallel worker',
    'slotsync worker',
    'standalone backend',
    'startup',
    'walreceiver',
    'walsender',
    'walsummarizer',
    'walwriter',
  ],
];

async function readServer(
  session: Session,
): Promise<Pick<ServerFacts, 'version' | 'major' | 'inRecovery' | 'capacity' | 'tellsPassword'>> {
  const { rows } = await session.query(
    `SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS "inRecovery",
            json_build_object(
              'walLevel', current_setting('wal_level'),
              'slots', json_build_object('used', (SELECT count(*) FROM pg_replication_slots),
                                         'max', current_setting('max_replication_slots')::int),
              'senders', json_build_object('used', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'),
                                           'max', current_setting('max_wal_senders')::int),
              'workers', json_build_object('used', (SELECT count(*) FROM pg_stat_activity
                                                     WHERE backend_type LIKE 'logical replication %worker'),
                                           'max', current_setting('max_logical_replication_workers')::int),
              'workerProcesses', json_build_object('used', (SELECT count(*) FROM pg_stat_activity WHERE NOT backend_type = ANY ($1)),
                                                   'max', current_setting('max_worker_processes')::int)) AS capacity,
            array(SELECT s.name || '=' || current_setting(s.name, true)
                    FROM (VALUES ('pg_stat_statements.track', '^all$'), ('pgaudit.log', 'all|ddl'), ('log_min_messages', '^debug')) AS s (name, tells)
                   WHERE current_setting(s.name, true) ~ s.tells) AS "tellsPassword"`,
    [noWorkers],
  );
  const [row] = rows;
  return { ...row, major: Math.floor(row.version / 10_000) };
}

async function readForeignSlots(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT slot_name AS name FROM pg_replication_slots
      WHERE slot_type = 'logical' AND NOT temporary AND slot_name NOT LIKE 'rds%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Transactions that have been open for more than 5 s, and all prepared ones. */
async function readOpenTransactions(session: Session): Promise<OpenTransaction[]> {
  const { rows } = await session.query<Omit<OpenTransaction, 'prepared'> & { prepared: string | null }>(
    `SELECT datname AS database, pid, usename AS role, extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds,
            backend_xid IS NOT NULL AS writing, NULL AS prepared
       FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND xact_start < clock_timestamp() - interval '5 s' AND usename <> 'rdsadmin'
     UNION ALL
     SELECT database, NULL, owner, extract(epoch FROM clock_timestamp() - prepared)::int, true, gid FROM pg_prepared_xacts
      ORDER BY 4 DESC LIMIT 20`,
  );
  return rows.map(({ prepared, ...open }) => (prepared === null ? open : { ...open, prepared }));
}
