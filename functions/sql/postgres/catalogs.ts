import type { CatalogDigests } from '../../domain/hand-over/side-facts.ts';
import type { Session } from './session.ts';

/** Schemas of the server, of the service and ours: what is made there is nobody's change. */
const own = (schema: string) =>
  `${schema}.nspname !~ '^(pg_|rds)' AND ${schema}.nspname NOT IN ('information_schema', 'viridian')`;

/** Text of a catalog as it is stored is the same as long as nobody changes it, and is compared with that of the same server only. */
const parts: Record<string, string[]> = {
  tables: [
    `SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
            a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, d.adbin::text)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relkind IN ('r', 'p', 'f') AND ${own('n')}`,
    `SELECT concat_ws(' ', c.conrelid, c.conname, c.contype, c.convalidated, c.conkey::text, c.confrelid, c.conbin::text)
       FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE ${own('n')}`,
    `SELECT concat_ws(' ', i.inhrelid, i.inhparent) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') AND ${own('n')}`,
  ],
  indexes: [
    `SELECT concat_ws(' ', n.nspname, c.relname, i.indrelid, i.indkey::text, i.indclass::text, i.indisunique, i.indisvalid, i.indexprs::text, i.indpred::text)
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own('n')}`,
  ],
  code: [
    `SELECT concat_ws(' ', n.nspname, p.proname, p.proargtypes::text, p.prorettype, p.prosrc)
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${own('n')}`,
    `SELECT concat_ws(' ', n.nspname, c.relname, r.rulename, r.ev_action::text)
       FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own('n')}`,
    `SELECT concat_ws(' ', t.tgrelid, t.tgname, t.tgfoid, t.tgtype, t.tgenabled, t.tgqual::text)
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal AND ${own('n')}`,
    `SELECT concat_ws(' ', t.oid, t.typname, t.typtype, t.typbasetype, e.enumlabel, e.enumsortorder)
       FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_enum e ON e.enumtypid = t.oid
      WHERE t.typtype IN ('e', 'd') AND ${own('n')}`,
    `SELECT concat_ws(' ', 'extension', extname, extversion) FROM pg_extension`,
  ],
  sequences: [
    `SELECT concat_ws(' ', n.nspname, c.relname, s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
       FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own('n')}`,
  ],
  rights: [
    `SELECT concat_ws(' ', n.nspname, c.relname, c.relowner, c.relacl::text)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('i', 'I', 't') AND ${own('n')}`,
    `SELECT concat_ws(' ', a.attrelid, a.attname, a.attacl::text) FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND ${own('n')}`,
    `SELECT concat_ws(' ', n.nspname, p.proname, p.proargtypes::text, p.proowner, p.prosecdef, p.proacl::text)
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${own('n')}`,
    `SELECT concat_ws(' ', n.nspname, n.nspowner, n.nspacl::text) FROM pg_namespace n WHERE ${own('n')}`,
    `SELECT concat_ws(' ', defaclrole, defaclnamespace, defaclobjtype, defaclacl::text) FROM pg_default_acl`,
  ],
};

/** Roles, their attributes, memberships and settings. A password is not among them: nobody but the service may read one. */
const ofServer = {
  roles: [
    `SELECT concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit)
       FROM pg_roles WHERE rolname !~ '^(pg_|rds|viridian)'`,
    `SELECT concat_ws(' ', 'member', m.roleid, m.member, m.admin_option) FROM pg_auth_members m
       JOIN pg_roles r ON r.oid = m.member WHERE r.rolname !~ '^(pg_|rds|viridian)'`,
    `SELECT concat_ws(' ', 'setting', setdatabase, setrole, setconfig::text) FROM pg_db_role_setting`,
  ],
};

/**
 * One digest a kind, by one query for all: the sum of the hashes of its entries, which needs no order. Whatever hash two states of a catalog share
 * by chance is one of 2^64.
 */
const digests = (kinds: Record<string, string[]>): string =>
  Object.entries(kinds)
    .map(
      ([kind, queries]) =>
        `SELECT '${kind}' AS kind, left(md5(coalesce(sum(hashtextextended(what, 0)), 0)::text), 12) AS digest
           FROM (${queries.join(' UNION ALL ')}) AS entries (what)`,
    )
    .join(' UNION ALL ');

export const readCatalogs = (session: Session): Promise<CatalogDigests> => read(session, digests(parts));

export const readRoles = (session: Session): Promise<CatalogDigests> => read(session, digests(ofServer));

async function read(session: Session, query: string): Promise<CatalogDigests> {
  const { rows } = await session.query<{ kind: string; digest: string }>(query);
  return Object.fromEntries(rows.map(({ kind, digest }) => [kind, digest]));
}
