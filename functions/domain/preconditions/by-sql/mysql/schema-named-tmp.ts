import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { blocks } from './asking.ts';

export const schemaNamedTmp: SqlCheck = {
  id: 'schema-named-tmp',
  engines: ['aurora-mysql'],
  of: 'server',
  looksAt: 'A schema called tmp, which is not copied.',
  query: `SELECT schema_name AS found FROM information_schema.schemata WHERE schema_name = 'tmp'`,
  severity: blocks,
  seen: 'a schema called tmp',
  means: 'It is not copied to green, so its tables would be missing in new production.',
  mend: 'Move its tables to a schema of another name, and drop it.',
  source: sources.limitations,
};
