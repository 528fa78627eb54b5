import type { Answer, Input } from '../contract.ts';
import { foreignSchemas } from './names.ts';
import { literals } from './quoting.ts';
import { readOne, withSession } from './session.ts';

/**
 * Nothing is analyzed: InnoDB stores its statistics with the tables, and an upgrade keeps them; green takes no ANALYZE either. Tables that
 * have none are counted as left.
 */
export async function analyzeStep(input: Input<'analyze-step'>): Promise<Answer<'analyze-step'>> {
  const { tables, analyzed } = await withSession(input, (session) =>
    readOne<{ tables: number; analyzed: number }>(
      session,
      `SELECT COUNT(*) AS tables, COUNT(s.table_name) AS analyzed
         FROM information_schema.tables t LEFT JOIN mysql.innodb_table_stats s ON s.database_name = t.table_schema AND s.table_name = t.table_name
        WHERE t.table_type = 'BASE TABLE' AND t.engine = 'InnoDB' AND t.table_schema NOT IN (${literals(foreignSchemas)})`,
    ),
  );
  return {
    slow: [],
    givenUp: [],
    tables: Number(tables),
    analyzed: Number(analyzed),
    left: 0,
    notAllowed: [],
    missing: [],
  };
}
