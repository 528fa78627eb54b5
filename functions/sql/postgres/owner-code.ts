import { firstNames } from '../../domain/model/first-names.ts';
import { listLimit } from '../../domain/way-back/facts.ts';
import { Refused } from '../refused.ts';
import { isTrusted } from './ours.ts';
import type { Session } from './session.ts';

/**
 * What a table brings along that runs when a replicated row is written: its constraints, defaults and generated columns, index expressions and
 * predicates, the expressions of its partitions, the triggers that fire for such rows, and the constraints of domains. Rules and other
 * triggers do not. Of a domain `owner` is the owner of a table that has a column of it, null where there may be one of another kind.
 */
const carriers = `
  SELECT 'pg_constraint'::regclass, k.oid, format('constraint %I of %s', k.conname, c.oid::regclass), c.relowner
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype IN ('c', 'x')
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, format('constraint %I of domain %s', k.conname, k.contypid::regtype), c.relowner
    FROM pg_constraint k LEFT JOIN pg_attribute a ON a.atttypid = k.contypid AND NOT a.attisdropped
         LEFT JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') WHERE k.contypid <> 0
  UNION ALL
  SELECT 'pg_attrdef'::regclass, f.oid, format('column %I of %s', a.attname, c.oid::regclass), c.relowner
    FROM pg_attrdef f JOIN pg_class c ON c.oid = f.adrelid JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
   WHERE c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, format('index %s', i.indexrelid::regclass), c.relowner
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, format('the partitions of %s', c.oid::regclass), c.relowner
    FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE p.partexprs IS NOT NULL
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, format('trigger %I of %s', t.tgname, c.oid::regclass), c.relowner
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')`;

/**
 * What would run with rights that its owner does not have when this database receives the stream. Up to PostgreSQL 15 rows are applied with
 * the rights of the subscription's owner, the master user, so every function counts that is not the server's own or of a master user. From 16
 * on they are applied with the rights of the table's owner, so it counts only where that is a master user. Functions are found directly and
 * behind operators; casts and types name their functions where an expression uses them, and types themselves are made of the server's code.
 */
const ownersCode = `
  SELECT DISTINCT format('%s calls %s of %I', o.what, p.oid::regprocedure, pg_get_userbyid(p.proowner)) AS text
    FROM (${carriers}) AS o (classid, objid, what, owner)
    JOIN pg_depend d ON d.classid = o.classid AND d.objid = o.objid
    LEFT JOIN pg_operator x ON d.refclassid = 'pg_operator'::regclass AND x.oid = d.refobjid
    JOIN pg_proc p ON p.oid = CASE d.refclassid WHEN 'pg_proc'::regclass THEN d.refobjid ELSE x.oprcode END
   WHERE NOT ${isTrusted('p.proowner')}
     AND (current_setting('server_version_num')::int < 160000 OR ${isTrusted('o.owner')})
   ORDER BY 1 LIMIT ${listLimit}`;

/** The first of them, in order. One query: it reads what expressions depend on, not the expressions. */
export async function readOwnersCode(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ text: string }>(ownersCode);
  return rows.map(({ text }) => text);
}

/** Rejects where there is any. To be called behind the fence: before it an owner could add some. */
export async function refuseOwnersCode(session: Session): Promise<void> {
  const found = await readOwnersCode(session);
  if (found.length > 0) {
    throw new Refused(
      'owners-code',
      `the stream would run code of others with the rights of a master user: ${firstNames(found).join('; ')}`,
    );
  }
}

/**
 * Statements without which rows of some table could be neither applied nor compared. The owner of our functions, who will own the subscription,
 * needs the rights of each table's owner, whom row security does not bind, and from PostgreSQL 16 on must be able to change into that role.
 */
export async function readMissingToApply(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `SELECT DISTINCT format('GRANT %I TO %I;', pg_get_userbyid(c.relowner), pg_get_userbyid(p.proowner)) AS statement
       FROM pg_proc p, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE p.oid = to_regprocedure('viridian.unsubscribe()') AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^(pg_|rds)'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        AND NOT (pg_has_role(p.proowner, c.relowner, 'USAGE')
          AND CASE WHEN current_setting('server_version_num')::int >= 160000 THEN pg_has_role(p.proowner, c.relowner, 'SET') ELSE true END)
      ORDER BY 1 LIMIT ${listLimit}`,
  );
  return rows.map(({ statement }) => statement);
}
