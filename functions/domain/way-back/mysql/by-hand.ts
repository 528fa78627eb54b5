/*
 * Statements by which a person undoes by hand what the workflow has done inside of a server of the MySQL family. Each stands on one line and does nothing
 * more when it is executed again.
 */

/** Makes the statements that unlock what our fence has locked, from its own notes; they are to be executed then. */
export const openDatabase =
  "SELECT CONCAT('ALTER USER ', name, ' ACCOUNT UNLOCK;') AS 'execute these' FROM viridian.taken WHERE kind = 'account';";

/** Ends the stream into this server. Who reads it knows which of both names the server has. */
export const unsubscribe =
  'CALL mysql.rds_stop_replication(); CALL mysql.rds_reset_external_master(); -- rds_reset_external_source on RDS for MySQL 8.4 and later and on Aurora MySQL 3';

/** Has the service keep the log no longer than it did before. @param hours null: no longer than it needs it itself */
export function keepLogAsBefore(hours: number | null): string {
  return `CALL mysql.rds_set_configuration('binlog retention hours', ${hours ?? 'NULL'});`;
}

/** Shows what our fence has locked, where the notes of it are. The stream is shown by `SHOW REPLICA STATUS`. */
export const showOurs = 'SELECT kind, name FROM viridian.taken;';

/** Who executes them: our fence locks the master user as well. */
export const executedBy = 'viridian (the fence locks the master user as well)';

/** A schema that every server has. */
export const homeDatabase = 'mysql';
