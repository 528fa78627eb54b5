import type { Connection } from '../connection.ts';
import type { Flavour } from './programs.ts';

/**
 * The procedures of RDS by which its users do what they have no right to: made with the service's own account as definer, so that nobody
 * needs SUPER. Their names and arguments are those that RDS documents ("Common DBA tasks" and the reference of stored procedures of each
 * engine); inside they do the statement that RDS says it does. Signalled refusals are RDS's as well.
 */
export function serviceStatements(flavour: Flavour, version: string): string[] {
  const words = wordsOf(flavour, version);
  return [
    `CREATE TABLE IF NOT EXISTS mysql.rds_configuration (name VARCHAR(100) PRIMARY KEY, value VARCHAR(100), description VARCHAR(300)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
    `INSERT IGNORE INTO mysql.rds_configuration VALUES ('binlog retention hours', NULL, 'binlog retention hours specifies the duration in hours before binary logs are automatically deleted.')`,
    `CREATE TABLE IF NOT EXISTS mysql.rds_history (action_timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, called_by_user VARCHAR(352), action VARCHAR(20), mysql_version VARCHAR(50), master_host VARCHAR(255), master_port INT, master_user VARCHAR(16), master_log_file VARCHAR(50), master_log_pos BIGINT UNSIGNED, master_ssl TINYINT(1)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
    procedure('rds_kill(IN thread BIGINT)', 'KILL thread'),
    procedure(
      'rds_set_configuration(IN wanted VARCHAR(100), IN given VARCHAR(100))',
      // As the service does: nothing of it enters the log.
      `BEGIN
         SET SESSION sql_log_bin = 0;
         UPDATE mysql.rds_configuration SET value = given WHERE name = CONVERT(wanted USING utf8mb4) COLLATE utf8mb4_general_ci;
         SET SESSION sql_log_bin = 1;
       END`,
    ),
    procedure('rds_show_configuration()', 'SELECT name, value, description FROM mysql.rds_configuration'),
    procedure('rds_start_replication()', words.start),
    procedure('rds_stop_replication()', words.stop),
    procedure('rds_replica_status()', words.status),
    procedure(`rds_reset_external_${words.source}()`, `BEGIN ${words.stop}; ${words.reset}; END`),
    procedure(
      `rds_set_external_${words.source}(IN host VARCHAR(255), IN port INT, IN user_name TEXT, IN user_password TEXT, IN log_file VARCHAR(255), IN log_position BIGINT, IN encrypted TINYINT)`,
      `BEGIN
         DECLARE statement_text TEXT;
         IF EXISTS (SELECT 1 FROM mysql.rds_history WHERE action = 'disable set master' AND called_by_user LIKE 'rdsrepladmin%') THEN
           SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Permission Denied: This instance is a RDS Read Replica.';
         END IF;
         SET statement_text = CONCAT('${words.change} ', '${words.prefix}_HOST=', QUOTE(host), ', ${words.prefix}_PORT=', port, ', ${words.prefix}_USER=', QUOTE(user_name),
           ', ${words.prefix}_PASSWORD=', QUOTE(user_password), ', ${words.prefix}_LOG_FILE=', QUOTE(log_file), ', ${words.prefix}_LOG_POS=', log_position,
           ', ${words.prefix}_SSL=', encrypted${words.rest});
         SET @rds_statement = statement_text;
         PREPARE change_source FROM @rds_statement;
         EXECUTE change_source;
         DEALLOCATE PREPARE change_source;
         SET @rds_statement = NULL;
       END`,
    ),
  ].flat();
}

/** Whether a server has a procedure already: a copy has those of its source, and making one anew would take away who may call it. */
export async function hasProcedure(session: Connection, name: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT 1 AS found FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = ?`,
    [name],
  );
  return rows.length > 0;
}

/** What Aurora MySQL has besides, from 3.06 on: its users close a server themselves. */
export function auroraStatements(): string[] {
  return procedure('rds_set_read_only(IN wanted TINYINT)', 'SET GLOBAL read_only = wanted');
}

function procedure(signature: string, body: string): string[] {
  return [`CREATE DEFINER=rdsadmin@localhost PROCEDURE mysql.${signature} SQL SECURITY DEFINER ${body}`];
}

/** MySQL says source and replica from 8.0.23 on, and no longer master and slave from 8.4 on; RDS's procedure says source from 8.4 on. */
function wordsOf(flavour: Flavour, version: string) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (flavour === 'mariadb' || major < 8)
    return {
      source: 'master',
      prefix: 'MASTER',
      change: 'CHANGE MASTER TO',
      start: flavour === 'mariadb' ? 'START SLAVE' : 'START SLAVE',
      stop: 'STOP SLAVE',
      reset: 'RESET SLAVE ALL',
      status: 'SHOW SLAVE STATUS',
      rest: flavour === 'mariadb' ? `, ', MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=no'` : '',
    };
  return {
    source: major > 8 || minor >= 4 ? 'source' : 'master',
    prefix: 'SOURCE',
    change: 'CHANGE REPLICATION SOURCE TO',
    start: 'START REPLICA',
    stop: 'STOP REPLICA',
    reset: 'RESET REPLICA ALL',
    status: 'SHOW REPLICA STATUS',
    rest: `, ', SOURCE_AUTO_POSITION=0, GET_SOURCE_PUBLIC_KEY=', 1 - encrypted`,
  };
}
