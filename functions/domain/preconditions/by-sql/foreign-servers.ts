import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const foreignServers: SqlCheck = {
  id: 'foreign-servers',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Foreign servers (postgres_fdw, dblink) and where they lead.',
  query: `SELECT format('%I (%s%s)', srvname, fdwname, (SELECT ', ' || option FROM unnest(srvoptions) AS o (option) WHERE option LIKE 'host=%'))
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`,
  severity: () => 'warning',
  seen: 'foreign servers',
  means:
    'Green leads to the same remote databases as blue, and tests on green write there; a host given as an address, or as the name of another blue, leads astray after a cut.',
  mend: 'Give hosts as endpoint names, never as addresses, and keep tests of green from writing through them.',
  source: sources.limitations,
};
