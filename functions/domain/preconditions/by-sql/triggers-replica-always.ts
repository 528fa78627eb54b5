import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const triggersReplicaAlways: SqlCheck = {
  id: 'triggers-replica-always',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Triggers that fire for replicated rows, too.',
  query: `SELECT format('%I on %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('R', 'A')`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'triggers that are enabled as REPLICA or ALWAYS',
  means: 'They fire on blue and once more on green for the same row.',
  mend: 'ALTER TABLE … ENABLE TRIGGER, which makes it fire for the application only; or make sure that firing twice does no harm.',
  source: sources.bestPractices,
};
