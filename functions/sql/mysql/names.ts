/** What is ours on a server of the MySQL family, by what docs/setup-mysql.sql makes. */
export const ownSchema = 'viridian';
/** The reverse stream signs in with it. */
export const replicationUser = 'viridian_replication';
/** Stands for an application where a fence is proved. It is fenced as applications are. */
export const probeUser = 'viridian_probe';
/** Accounts that a fence leaves open: without them nothing could be proved, and the stream would end. */
export const workingUsers = ['viridian', replicationUser];

/** Accounts and sessions of the service and of the server itself. */
export const serviceUsers = [
  'rdsadmin',
  'rdsrepladmin',
  'rdsproxyadmin',
  'rds_superuser_role',
  'mysql.sys',
  'mysql.session',
  'mysql.infoschema',
  'mariadb.sys',
  'system user',
  'event_scheduler',
];

/** Schemas that belong to the server, to the service, or to us. */
export const foreignSchemas = [
  'mysql',
  'information_schema',
  'performance_schema',
  'sys',
  'innodb',
  'tmp',
  ownSchema,
];
