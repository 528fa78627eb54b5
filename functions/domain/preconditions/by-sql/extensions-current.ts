import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const extensionsCurrent: SqlCheck = {
  id: 'extensions-current',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Extensions that are older than the newest version which blue offers.',
  query: `SELECT format('%I %s, newest is %s', e.extname, e.extversion, a.default_version)
    FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname WHERE a.default_version <> e.extversion`,
  severity: () => 'warning',
  seen: 'extensions that are not current',
  means:
    'An upgrade takes an extension over as it is; some (PostGIS) refuse a new major version from an old one.',
  mend: 'ALTER EXTENSION … UPDATE on blue before the run.',
  source: sources.bestPractices,
};
