import pg from 'pg';
import { shapeOfPostgres } from '../../domain/load-test/plan-shape.ts';
import type { Measured, Queued } from '../../domain/load-test/progress.ts';
import { readStatement, type Statement } from '../../domain/load-test/statement.ts';
import type { Answer } from '../contract.ts';
import {
  type Found,
  type LoadDriver,
  type LoadSide,
  type Plan,
  type StepInput,
  statementsLooked,
  stepThrough,
  takeReads,
} from '../load-step.ts';
import { Refused } from '../refused.ts';
import { listDatabases } from './databases.ts';
import { codeOf, describeFailure } from './failure.ts';
import { ownRoles } from './names.ts';
import { literal } from './quoting.ts';
import { type Session, withReader, withSession } from './session.ts';

/** Runs statements that only read on both sides, and reads their plans. */
export function loadStep(input: StepInput): Promise<Answer<'load-step'>> {
  return stepThrough(input, 'postgresql', driverOf(input));
}

function driverOf(input: StepInput): LoadDriver {
  const { reader, statementSeconds } = input;
  const limit = 1_000 * statementSeconds;
  return {
    top: () => readTop(input),
    onSide: (place, database, work) =>
      withReader({ ...place, login: reader }, database, limit, (session) => work(() => openSide(session))),
    judge,
  };
}

interface TopRow {
  id: string;
  database: string;
  role: string;
  query: string;
}

/** The extension is there in any database, and shows the statements of all. Its view must be its own: another one could run code of others. */
const view = `SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_extension e
  JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
  JOIN pg_class c ON c.oid = d.objid AND c.relname = 'pg_stat_statements'
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE e.extname = 'pg_stat_statements'`;

async function readTop(input: StepInput): Promise<{ found: Found[]; passedOver: number }> {
  const server = { ...input.blue, login: input.login };
  const databases = await withSession(server, 'postgres', listDatabases);
  for (const { name, missing } of databases) {
    if (missing !== null) continue;
    const rows = await withSession(server, name, (session) => readView(session, input.source.database));
    if (rows === undefined) continue;
    return takeReads(rows, (query) => readStatement(query, 'postgresql'), 'pg_stat_statements');
  }
  throw new Refused(
    'no-statements',
    'no database of blue has the extension pg_stat_statements: run CREATE EXTENSION pg_stat_statements there, and let the applications work for a while',
  );
}

/** Its columns have other names in older versions. @returns undefined where the database has not the extension */
async function readView(session: Session, database: string | null): Promise<TopRow[] | undefined> {
  const {
    rows: [there],
  } = await session.query<{ name: string }>(view);
  if (!there) return undefined;
  const { rows } = await session.query<TopRow>(
    `SELECT s.queryid::text AS id, d.datname AS database, r.rolname AS role, s.query
       FROM ${there.name} s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.userid, to_jsonb(s) AS j
      WHERE s.queryid IS NOT NULL AND d.datname <> ALL ('{rdsadmin,template0,template1}') AND ($1::text IS NULL OR d.datname = $1)
        AND r.rolname <> ALL (ARRAY[${[...ownRoles, 'rdsadmin'].map(literal).join(', ')}]) AND coalesce((j->>'toplevel')::boolean, true)
        AND s.query ~* '^[\\s(]*(/\\*.*?\\*/[\\s(]*)*(select|with|values|table)\\M'
      ORDER BY coalesce((j->>'total_exec_time')::float8, (j->>'total_time')::float8) DESC LIMIT ${statementsLooked}`,
    [database],
  );
  return rows;
}

async function openSide(session: Session): Promise<LoadSide> {
  const { rows } = await session.query<{ server: string; version: number }>(
    `SELECT concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), inet_server_port()) AS server,
            current_setting('server_version_num')::int AS version`,
  );
  return {
    server: rows[0]?.server ?? '',
    begin: (queued) => findTablesAs(session, queued),
    plan: (statement, limit) =>
      statement.hasParameters ? planGenerally(session, statement, limit) : plan(session, statement, limit),
    run: (statement, limit) => run(session, statement, limit),
  };
}

/**
 * Names without a schema mean what they mean to the role whose statement it is. Of a statement without one they mean what the database says; the reader's own
 * sessions begin with ours.
 */
async function findTablesAs(session: Session, { role }: Queued): Promise<void> {
  await session.query(
    `SELECT set_config('search_path', replace(coalesce((
       SELECT substr(c.setting, length('search_path=') + 1) FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
        WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          AND s.setrole IN (0, coalesce((SELECT oid FROM pg_roles WHERE rolname = $1), 0)) AND split_part(c.setting, '=', 1) = 'search_path'
        ORDER BY s.setrole DESC, s.setdatabase DESC LIMIT 1), '"$user", public'), '"$user"', quote_ident(coalesce($1, session_user))), false)`,
    [role ?? null],
  );
}

/** Each in a transaction of its own that cannot write, and that ends without a trace. */
async function inReadOnly<T>(session: Session, limit: number, work: () => Promise<T>): Promise<T> {
  await session.query(`BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${limit}`);
  try {
    return await work();
  } finally {
    await session.query('ROLLBACK').catch(() => {});
  }
}

interface Explained {
  Plan: Parameters<typeof shapeOfPostgres>[0] & { 'Total Cost': number };
  'Planning Time'?: number;
  'Execution Time'?: number;
}

/** The extended protocol takes one statement, whatever its text holds. */
async function explain(session: Session, how: string, text: string): Promise<Explained> {
  const { rows } = await session.query<{ 'QUERY PLAN': [Explained] }>({
    text: `EXPLAIN (${how}, FORMAT JSON) ${text}`,
    queryMode: 'extended',
  } as pg.QueryConfig);
  const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!explained) throw new TypeError('the server explained nothing');
  return explained;
}

const planOf = ({ Plan: node }: Explained): Plan => ({
  shape: shapeOfPostgres(node),
  cost: node['Total Cost'],
});

const plan = (session: Session, { text }: Statement, limit: number): Promise<Plan> =>
  inReadOnly(session, limit, async () => planOf(await explain(session, 'COSTS ON', text)));

/** The name of a prepared statement of ours; a session has one at a time. */
const prepared = 'viridian_load';

/**
 * The plan that the server would make for any values. EXPLAIN (GENERIC_PLAN) is of PostgreSQL 16; a prepared statement has the same from 12 on, and begins with
 * values of NULL, for which no partition would be read: all of them are to be seen.
 */
function planGenerally(session: Session, { text }: Statement, limit: number): Promise<Plan> {
  return inReadOnly(session, limit, async () => {
    await session.query({ text: `PREPARE ${prepared} AS ${text}`, queryMode: 'extended' } as pg.QueryConfig);
    try {
      await session.query(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_partition_pruning', 'off', true)",
      );
      const { rows } = await session.query<{ count: number }>(
        'SELECT cardinality(parameter_types) AS count FROM pg_prepared_statements WHERE name = $1',
        [prepared],
      );
      const values = Array.from({ length: rows[0]?.count ?? 0 }, () => 'NULL');
      const call = values.length > 0 ? `${prepared} (${values.join(', ')})` : prepared;
      return planOf(await explain(session, 'COSTS ON', `EXECUTE ${call}`));
    } finally {
      // A transaction that has failed takes no statement; the next one that is prepared meets the name otherwise.
      await session.query('ROLLBACK').catch(() => {});
      await session.query(`DEALLOCATE ${prepared}`).catch(() => {});
    }
  });
}

/** The server runs it and keeps its rows: how long that took is its own word, and no value comes to us. */
async function run(session: Session, { text }: Statement, limit: number): Promise<number> {
  const explained = await inReadOnly(session, limit, () =>
    explain(session, 'ANALYZE, TIMING OFF, SUMMARY ON', text),
  );
  return (explained['Planning Time'] ?? 0) + (explained['Execution Time'] ?? 0);
}

/** Locks, conflicts with replication and deadlocks pass by themselves. */
const passing = ['55P03', '40001', '40P01', '25P03'];

function judge(error: unknown, limit: number): Measured | undefined {
  const code = codeOf(error);
  if (code === '57014') return { kind: 'slow', ms: limit };
  if (!(error instanceof pg.DatabaseError) || /^(?:08|53|57|58|XX)/.test(code)) return undefined;
  return { kind: 'failed', error: meaningOf(error), passing: passing.includes(code) };
}

/** What the server's own messages would say may hold values. */
const meaningOf = (error: unknown): string => ofStatements[codeOf(error)] ?? describeFailure(error).because;

/** What codes say of a statement of an application. Source: PostgreSQL manual, appendix A. */
const ofStatements: Record<string, string> = {
  '25006': 'it writes, and only statements that read are run (25006)',
  '42501': 'the user of tests.load.secret may not read a table or call a function of it: GRANT that (42501)',
  '42601': 'it is no SQL there (42601)',
  '42703': 'a column is missing (42703)',
  '42883': 'a function or an operator is missing (42883)',
  '42P01': 'a table is missing (42P01)',
  '42P18': 'the type of a parameter cannot be told (42P18)',
  '55P03': 'a lock was not free in time (55P03)',
};
