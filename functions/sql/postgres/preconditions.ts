import { isRead, type Reading, read, unreadable } from '../../domain/model/reading.ts';
import {
  applies,
  type SqlCheck,
  type SqlFound,
  type SqlLook,
  type UpgradePlan,
} from '../../domain/preconditions/by-sql/check.ts';
import { checksOfPostgresql } from '../../domain/preconditions/by-sql/of-postgresql.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { type ListedDatabase, listDatabases } from './databases.ts';
import { describeFailure } from './failure.ts';
import { type Session, withSession } from './session.ts';

/** What one check found in one place. */
type Answers = Map<string, Reading<SqlFound>>;

/**
 * Asks a server and every database of it what stands in the way of a plan. Changes nothing. A query that fails makes its own check
 * unreadable, and a database that cannot be asked those that are asked of databases. One query a check and database, whatever the
 * number of its tables.
 */
export async function preconditions(input: Input<'preconditions'>): Promise<Answer<'preconditions'>> {
  const { plan, told } = input;
  const checks = checksOfPostgresql.filter((check) => applies(check, plan));
  const inServer = checks.filter((check) => check.of === 'server');
  const inDatabase = checks.filter((check) => check.of === 'database');
  const server = await withSession(input, 'postgres', async (session) => ({
    databases: await listDatabases(session),
    answers: await askEach(session, inServer, plan, told),
  }));
  const answers = await sideBySide(server.databases, (database) =>
    askDatabase(input, database, (session) => askEach(session, inDatabase, plan, told)),
  );
  const look: SqlLook = Object.fromEntries(server.answers);
  for (const { id } of inDatabase) {
    const found = answers.map((one) => one.get(id) ?? one.get('*') ?? unreadable('it was not asked'));
    look[id] = together(found, told);
  }
  return look;
}

/** Why a database could not be asked stands under `*`. */
async function askDatabase(
  input: Input<'preconditions'>,
  { name, missing }: ListedDatabase,
  work: (session: Session) => Promise<Answers>,
): Promise<Answers> {
  if (missing) return new Map([['*', unreadable(`in database ${name}: ${missing}`)]]);
  try {
    const answers = await withSession(input, name, work);
    return new Map([...answers].map(([id, found]) => [id, inside(name, found)]));
  } catch (error) {
    return new Map([['*', unreadable(describeFailure(error).because)]]);
  }
}

const inside = (database: string, found: Reading<SqlFound>): Reading<SqlFound> =>
  isRead(found)
    ? read({ count: found.value.count, names: found.value.names.map((name) => `${name} in ${database}`) })
    : unreadable(`in database ${database}: ${found.unreadable}`);

async function askEach(
  session: Session,
  checks: SqlCheck[],
  plan: UpgradePlan,
  told: number,
): Promise<Answers> {
  const answers: Answers = new Map();
  for (const check of checks) answers.set(check.id, await askOne(session, check, plan, told));
  return answers;
}

async function askOne(
  session: Session,
  { query }: SqlCheck,
  plan: UpgradePlan,
  told: number,
): Promise<Reading<SqlFound>> {
  try {
    const { rows } = await session.query<SqlFound>(
      `SELECT count(*)::int AS count, coalesce((array_agg(text ORDER BY text COLLATE "C"))[1:${told}], '{}') AS names
         FROM (${typeof query === 'string' ? query : query(plan)}) AS found (text)`,
    );
    return rows[0] ? read(rows[0]) : unreadable('the database answered nothing');
  } catch (error) {
    return unreadable(describeFailure(error).because);
  }
}

/** What was found counts, also where another database could not be asked. */
function together(found: Reading<SqlFound>[], told: number): Reading<SqlFound> {
  const values = found.filter(isRead).map(({ value }) => value);
  const count = values.reduce((sum, value) => sum + value.count, 0);
  const failed = found.find((one) => !isRead(one));
  if (count === 0 && failed) return failed;
  return read({ count, names: values.flatMap(({ names }) => names).slice(0, told) });
}
