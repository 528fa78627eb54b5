import { ownSchema } from './names.ts';
import type { Session } from './session.ts';

/**
 * Statements that the way back will need in this database and that it refuses, as an event trigger that forbids DROP does: found by trying
 * them, with the rights that they will run with, in a part of a transaction that is rolled back. None is tried on a physical copy, where
 * nothing can be, nor where the setup file was not run, which is a reason of its own.
 */
export async function readRefusedStatements(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ may: boolean }>(
    `SELECT coalesce(has_function_privilege(to_regprocedure('${ownSchema}.refused_statements()'), 'EXECUTE'), false)
            AND NOT pg_is_in_recovery() AS may`,
  );
  if (!rows[0]?.may) return [];
  const refused = await session.query<{ text: string }>(
    `SELECT text FROM ${ownSchema}.refused_statements() AS r (text)`,
  );
  return refused.rows.map(({ text }) => text);
}
