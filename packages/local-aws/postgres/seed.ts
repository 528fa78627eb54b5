import type { PostgresDataPlane } from './data-plane.ts';
import { seedStatements, WORKLOAD_TABLES } from './workload-schema.ts';

/** Makes the workload's tables on a database and fills them; `rows` is the size of the table that only takes space. */
export async function seedWorkload(
  plane: PostgresDataPlane,
  resourceId: string,
  rows: number,
): Promise<void> {
  await plane.loadSchema(resourceId, WORKLOAD_TABLES);
  const { sql } = plane.database(resourceId);
  for (const statement of seedStatements(rows)) await sql.query(statement);
}
