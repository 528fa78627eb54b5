import { applies, type SqlCheck, type UpgradePlan } from './check.ts';
import { checksOfMysql } from './of-mysql.ts';
import { checksOfPostgresql } from './of-postgresql.ts';

/** Everything that is asked of the databases by SQL. The function that speaks to a family carries the checks of that family alone. */
export const sqlChecks: readonly SqlCheck[] = [...checksOfPostgresql, ...checksOfMysql];

/** Those that have something to ask for a plan. */
export const checksFor = (plan: UpgradePlan): SqlCheck[] => sqlChecks.filter((check) => applies(check, plan));
