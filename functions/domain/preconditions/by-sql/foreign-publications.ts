import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const foreignPublications: SqlCheck = {
  id: 'foreign-publications',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Publications that are not of the service.',
  query: `SELECT pubname::text FROM pg_publication WHERE pubname !~ '^rds' AND pubname <> 'viridian_way_back'`,
  severity: () => 'blocker',
  seen: 'publications of others',
  means: 'The source of a deployment must not publish to anybody else.',
  mend: 'DROP PUBLICATION each, and create it again on new production together with its subscriber.',
  source: sources.limitations,
};
