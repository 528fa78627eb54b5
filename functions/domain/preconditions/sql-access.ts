import { planOf, postgresEngines } from './by-sql/check.ts';
import { checksFor } from './by-sql/list.ts';
import { mysqlEngines } from './by-sql/mysql/asking.ts';
import type { Precondition } from './facts.ts';
import { unknown, warning } from './finding.ts';

/** What was not looked at is told by name: a list of findings is no proof that everything was looked at. */
export const sqlAccess: Precondition = {
  id: 'sql-access',
  engines: [...mysqlEngines, ...postgresEngines].sort(),
  looksAt: 'Whether the databases themselves were asked, and by name what was not checked without them.',
  how: 'SQL, with wayBack.login',
  check: (facts) => {
    const names = checksFor(planOf(facts)).map(({ id }) => id);
    const { sql } = facts;
    if (names.length === 0 || 'value' in sql) return [];
    return 'notAsked' in sql
      ? [
          warning(
            `the databases were not asked, since ${sql.notAsked}. Not checked: ${names.join(', ')}. Name wayBack.login to have them checked.`,
          ),
        ]
      : [
          unknown(
            `the databases could not be asked (${sql.unreadable}). Not checked: ${names.join(', ')}. Mend the login, then start again.`,
          ),
        ];
  },
};
