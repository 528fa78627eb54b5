/*
 * Statements by which a person undoes by hand what the workflow has done inside of a PostgreSQL server, as its master user. Each calls a
 * function of docs/setup-postgresql.sql, stands on one line, and does nothing more when it is executed again.
 */

/** Stands for an application where a gate or a fence is proved, and is held beside its roles. */
export const probeRole = 'viridian_probe';

/** Lets held roles open sessions and write again, each with the limit that it had. To be executed in the database that remembers the limits. */
export function letRolesGo(roles: string[]): string {
  const names = roles.map(literal).join(', ');
  return roles.length === 1
    ? `SELECT viridian.hold_role(${names}, false);`
    : `SELECT viridian.hold_role(role, false) FROM unnest(ARRAY[${names}]::name[]) AS role;`;
}

/** Gives back what the fence of this database has taken away. */
export const openDatabase = 'SELECT viridian.open_database();';

/** Ends the stream into this database. */
export const unsubscribe = 'SELECT viridian.unsubscribe();';

/** Drops a slot that nobody reads from. */
export function dropSlot(name: string): string {
  return `SELECT viridian.drop_slot(${literal(name)});`;
}

/** Drops the publication of this database. */
export const unpublish = 'SELECT viridian.unpublish();';

/** Takes the one-time password from the replication user. */
export const takePassword = 'SELECT viridian.set_replication_password(NULL);';

/** A text in SQL. A backslash means itself, as it does by default. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Shows roles that are held, and slots. */
export const showOurs =
  'SELECT rolname FROM pg_roles WHERE rolconnlimit = 0 UNION ALL SELECT slot_name FROM pg_replication_slots;';

/** Who executes them. */
export const executedBy = 'the master user';

/** A database that every server has. */
export const homeDatabase = 'postgres';
