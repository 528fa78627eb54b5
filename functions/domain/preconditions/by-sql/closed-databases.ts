import { sources } from '../sources.ts';
import { isMajor, postgresEngines, type SqlCheck } from './check.ts';

export const closedDatabases: SqlCheck = {
  id: 'closed-databases',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Databases that let nobody connect, or that were left half dropped.',
  query: `SELECT format('%I%s', datname, CASE WHEN datconnlimit = -2 THEN ' (half dropped)' END) FROM pg_database
    WHERE datname <> 'template0' AND (NOT datallowconn OR datconnlimit = -2)`,
  severity: (plan) => (isMajor(plan) ? 'blocker' : null),
  seen: 'databases that cannot be connected to',
  means: 'The upgrade of green has to connect to every database but template0, and fails.',
  mend: 'ALTER DATABASE … ALLOW_CONNECTIONS true, or DROP DATABASE.',
  source: sources.upgrade,
};
