import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

/** A server stops taking writes at about 2,146 million. */
const old = 1_000_000_000;

export const wraparound: SqlCheck = {
  id: 'wraparound',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'The age of the oldest transaction of each database.',
  query: `SELECT format('%I at %s million', datname, age(datfrozenxid) / 1000000) FROM pg_database WHERE age(datfrozenxid) > ${old}`,
  severity: () => 'warning',
  seen: 'databases far on the way to a wraparound of transaction numbers',
  means:
    'The slot of green holds back the cleaning that would stop it; at 2,146 million blue takes no more writes.',
  mend: 'Let VACUUM (FREEZE) end before the run, and find what holds it back.',
  source: sources.postgres,
};
