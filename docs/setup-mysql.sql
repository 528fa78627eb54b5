-- What a lossless way back needs on RDS for MySQL, RDS for MariaDB and Aurora MySQL, made by the master user.
--
-- Run it on blue BEFORE the blue/green deployment is created: a GRANT on a procedure of schema mysql that is made later does not reach green.
-- It may be run again. It makes:
--   viridian               signs in with IAM database authentication and does what the workflow's steps say. It may read, lock and unlock accounts, end
--                          sessions by the service's procedure, set AUTO_INCREMENT, and start and stop replication by the service's procedures. It has
--                          neither SUPER nor CONNECTION_ADMIN: a server that is read-only takes no write of it. To use a secret instead, replace
--                          "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'" by IDENTIFIED BY and a password.
--   viridian_replication   the reverse stream signs in with it. It is locked but during the way back, when it has a password that was made for that run.
--   viridian_probe         stands for an application: it has no right but to write one row of ours, and is locked with the accounts of the
--                          application where a fence is proved.
--   schema viridian        signs of life, probes, and what a fence has taken away, so that exactly this is given back.
-- No account is changed that exists already. Statements are plain: every client runs them, one after the other.
-- That the account may read mysql.global_priv on RDS for MariaDB, and that locks travel through RDS's replication, is unproven on AWS.

-- A session of MariaDB 11 begins with a collation that older servers do not know.
SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;

CREATE DATABASE IF NOT EXISTS viridian CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE IF NOT EXISTS viridian.heartbeat (name VARCHAR(16) NOT NULL PRIMARY KEY, run VARCHAR(512) NOT NULL, beat BIGINT NOT NULL, at DATETIME(6) NOT NULL) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS viridian.probe (server BIGINT NOT NULL PRIMARY KEY, at DATETIME(6) NOT NULL) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS viridian.taken (kind VARCHAR(16) NOT NULL, name VARCHAR(400) NOT NULL, PRIMARY KEY (kind, name)) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS viridian.fence (id TINYINT NOT NULL PRIMARY KEY, position VARCHAR(512) NOT NULL) ENGINE=InnoDB;
-- Rows that only change later: a change that comes twice does no harm, a row that comes twice stops a stream.
INSERT IGNORE INTO viridian.heartbeat (name, run, beat, at) VALUES ('beat', '', 0, '2000-01-01 00:00:00');
INSERT IGNORE INTO viridian.fence (id, position) VALUES (1, '');

CREATE USER IF NOT EXISTS 'viridian'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;
CREATE USER IF NOT EXISTS 'viridian_replication'@'%' REQUIRE SSL ACCOUNT LOCK;
CREATE USER IF NOT EXISTS 'viridian_probe'@'%' REQUIRE SSL;

-- ALTER is for AUTO_INCREMENT, CREATE USER for locks and one-time passwords.
GRANT SELECT, ALTER, PROCESS, EVENT, REPLICATION CLIENT, REPLICATION SLAVE, CREATE USER ON *.* TO 'viridian'@'%';
GRANT INSERT, UPDATE, DELETE ON viridian.* TO 'viridian'@'%';
GRANT REPLICATION SLAVE ON *.* TO 'viridian_replication'@'%';
GRANT INSERT, UPDATE, SELECT ON viridian.probe TO 'viridian_probe'@'%';
-- MySQL 8.0 and later: prepared transactions are shown with this right only. MariaDB passes over the line.
/*!80000 GRANT XA_RECOVER_ADMIN ON *.* TO 'viridian'@'%' */;

GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO 'viridian'@'%';
GRANT EXECUTE ON PROCEDURE mysql.rds_set_configuration TO 'viridian'@'%';
GRANT EXECUTE ON PROCEDURE mysql.rds_show_configuration TO 'viridian'@'%';
GRANT EXECUTE ON PROCEDURE mysql.rds_start_replication TO 'viridian'@'%';
GRANT EXECUTE ON PROCEDURE mysql.rds_stop_replication TO 'viridian'@'%';
-- RDS for MariaDB shows a stream by a procedure only. MySQL passes over the line.
/*M! GRANT EXECUTE ON PROCEDURE mysql.rds_replica_status TO 'viridian'@'%' */;
-- RDS for MySQL 8.4 and later and Aurora MySQL 3 say source in these two names, others master.
SET @word = (SELECT IF(COUNT(*) = 0, 'master', 'source') FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_external_source');
SET @statement = CONCAT('GRANT EXECUTE ON PROCEDURE mysql.rds_set_external_', @word, ' TO ''viridian''@''%''');
PREPARE statement_of_grant FROM @statement;
EXECUTE statement_of_grant;
SET @statement = CONCAT('GRANT EXECUTE ON PROCEDURE mysql.rds_reset_external_', @word, ' TO ''viridian''@''%''');
PREPARE statement_of_grant FROM @statement;
EXECUTE statement_of_grant;
-- Aurora MySQL 3.06 and later: the target of the way back is a clone, which is closed and opened by this.
SET @found = (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_read_only');
SET @statement = IF(@found = 0, 'DO 0', 'GRANT EXECUTE ON PROCEDURE mysql.rds_set_read_only TO ''viridian''@''%''');
PREPARE statement_of_grant FROM @statement;
EXECUTE statement_of_grant;
DEALLOCATE PREPARE statement_of_grant;
