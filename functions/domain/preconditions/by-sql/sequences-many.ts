import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** From so many on the guide speaks of a longer switchover. */
const many = 1_000;

export const sequencesMany: SqlCheck = {
  id: 'sequences-many',
  engines: postgresEngines,
  of: 'database',
  looksAt: `Databases with more than ${many} sequences.`,
  query: `SELECT format('%s sequences', count(*)) FROM pg_sequences WHERE schemaname <> 'viridian' HAVING count(*) > ${many}`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'many sequences',
  means: 'RDS sets each of them on green while nobody can write, so the cut takes longer.',
  mend: 'Give the switchover more time (switchover.timeoutSeconds), or drop sequences that nothing uses.',
  source: sources.limitations,
};
