import { shapeOfMysql } from '../../domain/load-test/plan-shape.ts';
import type { Measured } from '../../domain/load-test/progress.ts';
import { readStatement, type Statement } from '../../domain/load-test/statement.ts';
import type { Answer } from '../contract.ts';
import {
  type Found,
  type LoadDriver,
  type LoadSide,
  type StepInput,
  statementsLooked,
  stepThrough,
  takeReads,
} from '../load-step.ts';
import { Refused } from '../refused.ts';
import { codeOf, describeFailure } from './failure.ts';
import { foreignSchemas } from './names.ts';
import { identifier, literals } from './quoting.ts';
import { type ReaderSession, readOne, type Session, withReader, withSession } from './session.ts';

/** Runs statements that only read on both sides, and reads their plans. */
export function loadStep(input: StepInput): Promise<Answer<'load-step'>> {
  return stepThrough(input, 'mysql', driverOf(input));
}

function driverOf(input: StepInput): LoadDriver {
  const { blue, reader, statementSeconds } = input;
  const limit = 1_000 * statementSeconds;
  return {
    top: () =>
      withSession({ ...blue, login: input.login }, (session) => readTop(session, input.source.database)),
    onSide: (place, database, work) =>
      withReader({ ...place, login: reader }, limit, (session) => work(() => openSide(session, database))),
    judge,
  };
}

/**
 * MySQL 8.0 and later keep a sample of every statement with its values, which stays in this function. MariaDB and older versions keep none, and their texts
 * without values are no SQL. Statements without a default database are ours, or can be run in none.
 */
async function readTop(
  session: Session,
  database: string | null,
): Promise<{ found: Found[]; passedOver: number }> {
  const kept = await readOne<{ on: number; samples: number; longest: number }>(
    session,
    `SELECT @@performance_schema AS \`on\`, @@performance_schema_max_sql_text_length AS longest,
            (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'performance_schema'
                AND table_name = 'events_statements_summary_by_digest' AND column_name = 'QUERY_SAMPLE_TEXT') AS samples`,
  );
  if (Number(kept.samples) === 0)
    throw new Refused(
      'no-statements',
      'this server keeps no sample of a statement with its values, as MySQL does from 8.0 on',
    );
  if (Number(kept.on) === 0)
    throw new Refused(
      'no-statements',
      'the performance schema is off: set performance_schema to 1 and restart',
    );
  const rows = await session.query<{ id: string; database: string; query: string }>(
    `SELECT DIGEST AS id, SCHEMA_NAME AS \`database\`, CONVERT(QUERY_SAMPLE_TEXT USING utf8mb4) AS query FROM performance_schema.events_statements_summary_by_digest
      WHERE DIGEST IS NOT NULL AND QUERY_SAMPLE_TEXT IS NOT NULL AND SCHEMA_NAME NOT IN (${literals(foreignSchemas)}) AND (? IS NULL OR SCHEMA_NAME = ?)
        AND DIGEST_TEXT REGEXP '^[( ]*(SELECT|WITH|TABLE|VALUES) ' ORDER BY SUM_TIMER_WAIT DESC LIMIT ${statementsLooked}`,
    [database, database],
  );
  return takeReads(rows, (query) => readSample(query, Number(kept.longest)), 'the performance schema');
}

function readSample(query: string, longest: number): Statement | string {
  if (isCut(query, longest)) return 'was cut by the server';
  const statement = readStatement(query, 'mysql');
  return typeof statement !== 'string' && statement.hasParameters ? 'has parameters' : statement;
}

/** The server cuts long samples and ends them by dots (MySQL manual, `performance_schema_max_sql_text_length`). */
const isCut = (query: string, longest: number): boolean =>
  query.endsWith('...') || Buffer.byteLength(query) >= longest;

async function openSide(session: ReaderSession, database: string): Promise<LoadSide> {
  if (database) await session.query(`USE ${identifier(database)}`);
  return {
    server: String(session.serverId),
    begin: async () => {},
    plan: (statement, limit) => plan(session, statement, limit),
    run: (statement, limit) => run(session, statement, limit),
  };
}

/** Each in a transaction of its own that cannot write. The limit counts for a statement that reads, seconds of MariaDB and milliseconds of MySQL. */
async function inReadOnly<T>(session: ReaderSession, limit: number, work: () => Promise<T>): Promise<T> {
  await session.query(
    session.flavour === 'mariadb'
      ? `SET max_statement_time = ${limit / 1_000}`
      : `SET max_execution_time = ${limit}`,
  );
  await session.query('START TRANSACTION READ ONLY');
  try {
    return await work();
  } finally {
    await session.query('ROLLBACK').catch(() => {});
  }
}

async function plan(session: ReaderSession, { text }: Statement, limit: number) {
  const [row] = await inReadOnly(session, limit, () =>
    session.query<{ EXPLAIN: string }>(`EXPLAIN FORMAT=JSON ${text}`),
  );
  return { shape: shapeOfMysql(JSON.parse(row?.EXPLAIN ?? 'null')), cost: 0 };
}

/** Rows are read and dropped as they come, so the way to the server counts with it. No version that is upgraded from can run it without. */
function run(session: ReaderSession, { text }: Statement, limit: number): Promise<number> {
  return inReadOnly(session, limit, async () => {
    const began = performance.now();
    await session.drop(text);
    return performance.now() - began;
  });
}

/** Locks and deadlocks pass by themselves. */
const passing = ['1205', '1213'];
/** The server goes, or has ended the session. Source: MySQL error message reference. */
const gone = ['1053', '1077', '1079', '1080', '1927', '3169', '4031'];

function judge(error: unknown, limit: number): Measured | undefined {
  const code = codeOf(error);
  if (code === '3024' || code === '1969') return { kind: 'slow', ms: limit };
  if (!/^\d+$/.test(code) || gone.includes(code)) return undefined;
  return {
    kind: 'failed',
    error: ofStatements[code] ?? describeFailure(error).because,
    passing: passing.includes(code),
  };
}

/** What numbers say of a statement of an application. Source: MySQL error message reference. */
const ofStatements: Record<string, string> = {
  '1044': 'the user of tests.load.secret may not use the database: GRANT that (1044)',
  '1054': 'a column is missing (1054)',
  '1064': 'it is no SQL there (1064)',
  '1142': 'the user of tests.load.secret may not read a table of it: GRANT SELECT (1142)',
  '1143': 'the user of tests.load.secret may not read a column of it: GRANT SELECT (1143)',
  '1146': 'a table is missing (1146)',
  '1305': 'a function is missing (1305)',
  '1370': 'the user of tests.load.secret may not call a function of it: GRANT EXECUTE (1370)',
  '1792': 'it writes, and only statements that read are run (1792)',
};
