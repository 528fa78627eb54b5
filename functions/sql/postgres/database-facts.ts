import type { DatabaseFacts } from '../../domain/way-back/facts.ts';
import { ownSchema, publication, subscription } from './names.ts';
import { readMissingToApply, readOwnersCode } from './owner-code.ts';
import { readRefusedStatements } from './refused-statements.ts';
import type { Session } from './session.ts';
import { readMissingToAnalyze } from './statistics.ts';
import { readTables } from './tables.ts';

/** What one database says, with whole lists. Names of the service (`rds…`) and ours are not foreign. */
export async function readDatabase(session: Session, name: string): Promise<DatabaseFacts> {
  const tables = await readTables(session);
  const withoutIdentity = tables.filter((table) => table.withoutIdentity).map((table) => table.quoted);
  return {
    name,
    tables: tables.length,
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    withoutIdentity,
    sequences: await count(session, 'pg_sequences WHERE schemaname <> $1', [ownSchema]),
    largeObjects: await count(session, 'pg_largeobject_metadata', []),
    unlogged: await list(
      session,
      `format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relpersistence = 'u' AND c.relkind = 'r' AND n.nspname <> $1`,
      [ownSchema],
    ),
    rowSecurity: await list(
      session,
      `format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity AND n.nspname <> $1`,
      [ownSchema],
    ),
    replicaTriggers: await list(
      session,
      `format('%I on %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('R', 'A')`,
    ),
    foreignPublications: await list(
      session,
      "pubname FROM pg_publication WHERE pubname <> $1 AND pubname NOT LIKE 'rds%'",
      [publication],
    ),
    foreignSubscriptions: await list(
      session,
      `subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
        WHERE d.datname = current_database() AND subname <> $1 AND subname NOT LIKE 'rds%'`,
      [subscription],
    ),
    ownersCode: await readOwnersCode(session),
    refusedStatements: await readRefusedStatements(session),
    missing: [...(await readMissing(session, name)), ...(await readMissingToApply(session))],
    missingToAnalyze: await readMissingToAnalyze(session),
  };
}

/** What the setup file would still make or grant here. */
async function readMissing(session: Session, database: string): Promise<string[]> {
  const { rows } = await session.query<{ complete: boolean }>(
    `SELECT to_regclass('viridian.heartbeat') IS NOT NULL AND to_regclass('viridian.probe') IS NOT NULL
            AND to_regclass('viridian.handover') IS NOT NULL AND count(p) = count(*) AS complete
       FROM unnest(ARRAY['mark_server(text)', 'set_read_only(boolean)', 'may_connect()', 'close_database()', 'open_database()', 'note_fence(jsonb)',
                         'hold_role(name,boolean)', 'set_probe_password(text)', 'set_replication_password(text)', 'publish(text)',
                         'note_publication(text)', 'unpublish()', 'make_slot(name)', 'drop_slot(name)', 'changed_tables(name)',
                         'unsubscribe()', 'subscribe(text,integer,boolean,name,text)', 'refused_statements()', 'analyze_table(regclass,integer)',
                         'sum_rows(regclass,bigint,bigint,boolean)']) AS f (signature),
            LATERAL (SELECT to_regprocedure('viridian.' || f.signature)) AS o (found),
            LATERAL (SELECT CASE WHEN has_function_privilege(o.found, 'EXECUTE') THEN o.found END) AS g (p)`,
  );
  if (!rows[0]?.complete) return [`run docs/setup-postgresql.sql in database ${database}`];
  return list(
    session,
    `DISTINCT format('GRANT USAGE ON SCHEMA %1$I TO %2$I;%3$s', n.nspname, current_user,
            CASE c.relkind WHEN 'S' THEN format(' GRANT SELECT, UPDATE, USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I;', n.nspname, current_user) END)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'S') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', $1)
        AND n.nspname !~ '^(pg_|rds)'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        AND NOT (has_schema_privilege(n.oid, 'USAGE') AND (c.relkind = 'r'
          OR has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE')))`,
    [ownSchema],
  );
}

async function count(session: Session, from: string, parameters: unknown[]): Promise<number> {
  const { rows } = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${from}`,
    parameters,
  );
  return rows[0]?.count ?? Number.NaN;
}

/** Texts, in order. */
async function list(session: Session, select: string, parameters: unknown[] = []): Promise<string[]> {
  const { rows } = await session.query<{ text: string }>(
    `SELECT text FROM (SELECT ${select}) AS found (text) ORDER BY text COLLATE "C"`,
    parameters,
  );
  return rows.map(({ text }) => text);
}
