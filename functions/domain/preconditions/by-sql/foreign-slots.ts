import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

/** Whatever reads changes from blue (CDC, DMS, Debezium, another server) has a slot. Those of the service begin with `rds`. */
export const foreignSlots: SqlCheck = {
  id: 'foreign-slots',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Logical replication slots that are not of the service: consumers of changes, such as CDC.',
  query: `SELECT format('%s of %s (%s, %s)', slot_name, database, plugin, CASE WHEN active THEN 'in use' ELSE 'not in use' END)
    FROM pg_replication_slots WHERE slot_type = 'logical' AND NOT temporary AND slot_name !~ '^rds'`,
  severity: () => 'blocker',
  seen: 'logical replication slots of others',
  means:
    'RDS refuses a deployment of a publisher. The consumer behind a slot would not find it on green, and would miss every change since the cut.',
  mend: 'Let the consumer read to its end, stop it and pg_drop_replication_slot() it; name it in consumers, so that hooks.handOver, or the outcome, leads it to new production.',
  source: sources.limitations,
};
