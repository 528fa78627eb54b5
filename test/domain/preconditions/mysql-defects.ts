import type { Defect } from './sql-defects.ts';

/** One statement, or some; each is sent by itself. */
type MysqlDefect = Omit<Defect, 'make' | 'remove'> & { make: string[]; remove: string[] };

const variable = (rule: string, what: string, name: string, value: string, before: string): MysqlDefect => ({
  rule,
  what,
  make: [`SET GLOBAL ${name} = ${value}`],
  remove: [`SET GLOBAL ${name} = ${before}`],
  names: [`${name} is ${value.replaceAll("'", '')}`],
});

const strong = (right: string) => [`CREATE USER 'boss'@'%'`, `GRANT ${right} ON *.* TO 'boss'@'%'`];

/**
 * Defects that are made on a real MariaDB 10.11 (`test/sql/mysql/preconditions.test.ts`), and the names that it answers.
 */
export const mariadbDefects: readonly MysqlDefect[] = [
  variable('binlog-format-row', 'a log of statements', 'binlog_format', 'MIXED', 'ROW'),
  variable('binlog-row-image', 'a log of parts of rows', 'binlog_row_image', 'MINIMAL', 'FULL'),
  variable(
    'applier-lenient',
    'a replication that passes over missing rows',
    'slave_exec_mode',
    'IDEMPOTENT',
    'STRICT',
  ),
  variable('replication-filters', 'a filter of replication', 'replicate_ignore_table', "'app.carts'", "''"),
  variable('autocommit', 'statements that do not commit', 'autocommit', 'OFF', 'ON'),
  {
    rule: 'primary-keys-mysql',
    what: 'a table without key, which is system-versioned as well',
    make: ['CREATE TABLE app.keyless (word TEXT) WITH SYSTEM VERSIONING'],
    remove: ['DROP TABLE app.keyless'],
    names: ['app.keyless'],
  },
  {
    rule: 'non-innodb',
    what: 'a table of MyISAM',
    make: ['CREATE TABLE app.legacy (id INT PRIMARY KEY) ENGINE=MyISAM'],
    remove: ['DROP TABLE app.legacy'],
    names: ['app.legacy (MyISAM)'],
  },
  {
    rule: 'events-enabled',
    what: 'an event that runs',
    make: [
      "CREATE DEFINER='app'@'%' EVENT app.nightly ON SCHEDULE EVERY 1 DAY DO DO 0",
      'SET GLOBAL event_scheduler = ON',
    ],
    remove: ['SET GLOBAL event_scheduler = OFF', 'DROP EVENT app.nightly'],
    names: ['app.nightly as app@%'],
  },
  {
    rule: 'strong-definers',
    what: 'an event as an account that read_only does not bind',
    make: [
      ...strong('READ_ONLY ADMIN, EVENT'),
      "CREATE DEFINER='boss'@'%' EVENT app.nightly ON SCHEDULE EVERY 1 DAY DO DO 0",
    ],
    remove: ['DROP EVENT app.nightly', "DROP USER 'boss'@'%'"],
    names: ['app.nightly as boss@%'],
  },
  {
    rule: 'strong-accounts',
    what: 'an account that read_only does not bind',
    make: strong('SUPER'),
    remove: ["DROP USER 'boss'@'%'"],
    names: ["'boss'@'%' (SUPER)"],
  },
  {
    rule: 'following-barred',
    what: 'a blue that was a green',
    make: [
      "INSERT INTO mysql.rds_history (action_timestamp, called_by_user, action) VALUES ('2026-11-01 00:00:00', 'rdsrepladmin@localhost', 'disable set master')",
    ],
    remove: ['DELETE FROM mysql.rds_history'],
    names: ['disable set master by rdsrepladmin@localhost at 2026-11-01 00:00:00'],
  },
];

/** The same on a real MySQL 9.7, where one can be had. */
export const mysqlDefects: readonly MysqlDefect[] = [
  variable('binlog-compact', 'a log that is compressed', 'binlog_transaction_compression', 'ON', 'OFF'),
  variable('binlog-compact', 'a log of parts of JSON', 'binlog_row_value_options', "'PARTIAL_JSON'", "''"),
  variable('gtid-consistency', 'GTIDs between off and on', 'gtid_mode', 'OFF_PERMISSIVE', 'OFF'),
  variable('hidden-keys', 'keys that nobody sees', 'sql_generate_invisible_primary_key', 'ON', 'OFF'),
];

/** Checks whose defects belong to another plan, or need more than a statement, and what a real server answers: the same test makes them. */
export const mysqlOthers: readonly Pick<Defect, 'rule' | 'what' | 'names'>[] = [
  {
    rule: 'external-replica',
    what: 'a stream from another server',
    names: ['a stream: Waiting for master to send event'],
  },
  { rule: 'binlog-readers', what: 'a consumer of the binary log', names: ['cdc at 10.0.0.5'] },
  { rule: 'schema-named-tmp', what: 'a schema called tmp on Aurora', names: ['tmp'] },
  {
    rule: 'auth-plugins',
    what: 'accounts with a plugin that MySQL 9 lost',
    names: ['app@%', 'viridian_replication@%'],
  },
  {
    rule: 'binlog-retention',
    what: 'a log that is not kept on Aurora',
    names: ['binlog retention hours is NULL'],
  },
  {
    rule: 'replication-account-tls',
    what: 'an account of the stream without TLS',
    names: ['viridian_replication@%'],
  },
  {
    rule: 'long-transactions-mysql',
    what: 'a transaction that is left open',
    names: ['session 4711 of app for 901 s'],
  },
];
