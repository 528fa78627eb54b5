import { fileOf } from '../load-test/source.ts';
import { findEngine } from '../model/engine.ts';
import { isRead } from '../model/reading.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, unknown } from './finding.ts';

type Known = Pick<PreconditionFacts, 'request' | 'database' | 'blue' | 'load'>;

/** The statements of a load test can be read, only read themselves, and can be run on blue. */
export const loadTest: Precondition = {
  id: 'load-test',
  engines: 'all',
  looksAt:
    'The statements of `tests.load`: whether the stack may read their file, whether they only read, and whether blue keeps statements and lets the reader sign in.',
  how: 'GetObject; pg_stat_statements, or performance_schema.events_statements_summary_by_digest',
  source:
    'PostgreSQL manual, "pg_stat_statements"; MySQL manual, "Statement Summary Tables": QUERY_SAMPLE_TEXT is of MySQL 8.0 and later, and MariaDB has none (read 2026-11-30)',
  check: (facts) => {
    if (!facts.request.tests.load) return [];
    const wrong = findWrong(facts);
    return wrong.length > 0 ? wrong : judgeStatements(facts);
  },
};

/** Whether the databases can be asked about it at all. */
export const canRun = (known: Known): boolean => findWrong(known).length === 0;

function findWrong(known: Known): RuleFinding[] {
  const { request, load } = known;
  const file = fileOf(request);
  return file === undefined ? judgeTop(known) : [...judgeDatabase(known), ...judgeFile(file, load)];
}

/** Which server keeps statements so that they can be run. */
function judgeTop({ database, blue }: Known): RuleFinding[] {
  const fix = 'Put SELECT statements of the application into a file, and name it in tests.load.statements.';
  if (database.engine === 'mariadb')
    return [
      blocker(`MariaDB keeps no statement with its values, so those of the server cannot be run. ${fix}`),
    ];
  if (findEngine(database.engine)?.family === 'mysql' && /^5\./.test(blue.engineVersion))
    return [
      blocker(
        `MySQL ${blue.engineVersion} keeps no statement with its values, so those of the server cannot be run. ${fix}`,
      ),
    ];
  return [];
}

/** A session of PostgreSQL is in one database, and a file does not say which. */
function judgeDatabase({ request, database }: Known): RuleFinding[] {
  const isNamed =
    request.tests.load?.database !== undefined || findEngine(database.engine)?.family === 'mysql';
  return isNamed
    ? []
    : [
        blocker(
          'tests.load.database is missing: name the database in which the statements of the file are to be run.',
        ),
      ];
}

function judgeFile(file: string, load: PreconditionFacts['load']): RuleFinding[] {
  const name = file.slice('s3://'.length);
  if (!load?.readable.includes(name))
    return [
      blocker(
        `this stack may not read ${file}. Deploy it with the parameter loadStatements, which must hold ${name}, or leave tests.load.statements out.`,
      ),
    ];
  if (!load.file) return [unknown(`${file} was not read. Start again.`)];
  if (!isRead(load.file))
    return [
      blocker(
        `${file} of tests.load.statements could not be read: ${load.file.unreadable}. Put it into a bucket of this account, with 64 KiB at most, encrypted by S3 itself or under a key that the function may use.`,
      ),
    ];
  return 'problems' in load.file.value
    ? [blocker(`${file} of tests.load.statements cannot be run: ${load.file.value.problems.join('; ')}.`)]
    : [];
}

function judgeStatements({ load }: Known): RuleFinding[] {
  const statements = load?.statements;
  if (!statements) return [unknown('blue was not asked for the statements of tests.load. Start again.')];
  if ('refused' in statements)
    return [
      blocker(
        `no statement of tests.load can be run: ${statements.refused}. Mend that, or leave tests.load out.`,
      ),
    ];
  return isRead(statements)
    ? []
    : [
        unknown(
          `blue could not be asked for the statements of tests.load (${statements.unreadable}). Look at the user and the password of tests.load.secret and at wayBack.login, then start again.`,
        ),
      ];
}
