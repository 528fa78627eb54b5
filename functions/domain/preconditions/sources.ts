const read = '(read 2026-04-13)';

/** Where the rules come from, and when that page was read. */
export const sources = {
  limitations: `RDS and Aurora User Guide, blue/green deployments, "Limitations and considerations" ${read}`,
  creating: `RDS and Aurora User Guide, blue/green deployments, "Creating a blue/green deployment" ${read}`,
  switching: `RDS and Aurora User Guide, blue/green deployments, "Switching a blue/green deployment" ${read}`,
  bestPractices: `RDS and Aurora User Guide, blue/green deployments, "Best practices" ${read}`,
  deleting: `RDS and Aurora User Guide, blue/green deployments, "Deleting a blue/green deployment" ${read}`,
  proxy: `RDS and Aurora User Guide, "RDS Proxy with blue/green deployments" ${read}`,
  logical: `Aurora User Guide, "Using logical replication to perform a major version upgrade" ${read}`,
  api: 'API model of Amazon RDS 2014-10-31 (client of 2026-09)',
  replication: 'PostgreSQL manual, "Logical Replication" and ALTER TABLE, REPLICA IDENTITY (read 2026-11-29)',
  upgrade: 'PostgreSQL manual, pg_upgrade, and the release notes of the versions between (read 2026-11-29)',
  mysqlRehearsal:
    'Tried on real servers of MariaDB 10.5 to 11.8 and MySQL 5.7 and 9.7 (2026-11-29), test/sql/mysql',
  mysqlManual: 'MySQL 9 release notes and manual, "Native Pluggable Authentication" (read 2026-11-29)',
  procedures:
    'RDS and Aurora User Guide, "Configuring, starting, and stopping binary log replication" (read 2026-04-13)',
  postgres: 'PostgreSQL manual, system catalogs and views (read 2026-11-29)',
} as const;
