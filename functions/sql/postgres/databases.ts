import type { Session } from './session.ts';

/** A database of a server. */
export interface ListedDatabase {
  name: string;
  /** The statement that lets us sign in there; null where nothing is missing. */
  missing: string | null;
}

/** The databases of the users of a server; `rdsadmin` is the service's own. */
export async function listDatabases(session: Session): Promise<ListedDatabase[]> {
  const { rows } = await session.query<ListedDatabase>(
    `SELECT datname AS name, CASE WHEN NOT has_database_privilege(oid, 'CONNECT')
              THEN format('GRANT CONNECT ON DATABASE %I TO %I;', datname, current_user) END AS missing
       FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin'
      ORDER BY datname COLLATE "C"`,
  );
  return rows;
}
