import { sources } from '../sources.ts';
import { isMajor, majorOf, postgresEngines, type SqlCheck } from './check.ts';
import { columnsOfTypes } from './reg-columns.ts';

/** Types that are gone, or are stored otherwise, from a major version on. */
const changedIn: readonly [type: string, major: number][] = [
  ['unknown', 10],
  ['abstime', 12],
  ['reltime', 12],
  ['tinterval', 12],
  ['sql_identifier', 12],
  ['aclitem', 16],
];

export const removedTypes: SqlCheck = {
  id: 'removed-types',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Columns of types that the new major version has no more, or stores otherwise.',
  query: (plan) => {
    const { from, to } = plan;
    const types = changedIn.filter(([, major]) => majorOf(from) < major && majorOf(to) >= major);
    return columnsOfTypes(['unknown', ...types.map(([type]) => type)]);
  },
  severity: (plan) => (isMajor(plan) ? 'blocker' : null),
  seen: 'columns of types that the new version does not take over',
  means: 'The upgrade of green fails on them.',
  mend: 'ALTER TABLE … ALTER COLUMN … TYPE text, or drop them.',
  source: sources.upgrade,
};
