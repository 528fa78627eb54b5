import { sources } from '../sources.ts';
import { isMajor, majorOf, postgresEngines, type SqlCheck } from './check.ts';

/** Extensions that a major version does not have any more (release notes). */
const removedIn: readonly [extension: string, major: number][] = [
  ['chkpass', 11],
  ['timetravel', 12],
  ['tsearch2', 10],
  ['plpythonu', 15],
  ['plpython2u', 15],
  ['adminpack', 17],
  ['old_snapshot', 17],
];

export const extensionsRemoved: SqlCheck = {
  id: 'extensions-removed',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Extensions that the new major version does not have.',
  query: ({ from, to }) => {
    const gone = removedIn.filter(([, major]) => majorOf(from) < major && majorOf(to) >= major);
    return `SELECT extname::text FROM pg_extension WHERE extname = ANY (ARRAY[${gone.map(([name]) => `'${name}'`).join(', ')}]::name[])`;
  },
  severity: (plan) => (isMajor(plan) ? 'blocker' : null),
  seen: 'extensions that the new version does not have',
  means: 'The upgrade of green fails, as their files are not there.',
  mend: 'DROP EXTENSION each, and replace what uses it.',
  source: sources.upgrade,
};
