import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const foreignSubscriptions: SqlCheck = {
  id: 'foreign-subscriptions',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Subscriptions by which blue receives changes from elsewhere.',
  query: `SELECT format('%s of %s', s.subname, d.datname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
    WHERE s.subname !~ '^rds' AND s.subname <> 'viridian_way_back'`,
  severity: () => 'blocker',
  seen: 'subscriptions',
  means: 'The source of a deployment must not receive changes from elsewhere: green would not get them.',
  mend: 'Let each catch up, DROP SUBSCRIPTION it, and create it again on new production.',
  source: sources.limitations,
};
