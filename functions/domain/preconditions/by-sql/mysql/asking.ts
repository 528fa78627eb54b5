import { type EngineId, findEngine } from '../../../model/engine.ts';
import type { UpgradePlan } from '../check.ts';

export const mysqlEngines = ['aurora-mysql', 'mariadb', 'mysql'] as const satisfies readonly EngineId[];

/** What closes the way back, or needs care after the cut, and does not make the upgrade itself harmful. */
export const warns = () => 'warning' as const;

export const blocks = () => 'blocker' as const;

export const ofAurora = ({ engine }: UpgradePlan) => findEngine(engine)?.aurora === true;

/** Schemas of the server, of the service and ours, as SQL lists them. */
export const foreign = `'mysql', 'sys', 'information_schema', 'performance_schema', 'innodb', 'tmp', 'viridian'`;

/** Accounts of the server, of the service and ours, as SQL lists them. */
export const foreignAccounts = `'rdsadmin', 'rdsrepladmin', 'rdsproxyadmin', 'rds_superuser_role', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', 'viridian', 'viridian_probe'`;

/**
 * Both families keep their variables in a table of another schema, and each passes over text that is meant for the other one: MariaDB runs comments
 * that begin with M, and none that asks for a MySQL between 5.7 and 10.
 */
const globalVariables = '/*M! information_schema*/ /*!50701 performance_schema*/.global_variables';

/** Settings that a server has otherwise than wanted, such as `binlog_format is MIXED`. A setting that a version does not know is no finding. */
export const settings = (condition: string): string =>
  `SELECT CONCAT(LOWER(variable_name), ' is ', variable_value) AS found FROM ${globalVariables} WHERE ${condition}`;

/** What one setting is, for a condition of another question. */
export const setting = (name: string): string =>
  `(SELECT variable_value FROM ${globalVariables} WHERE variable_name = '${name}')`;

/** Tables of the application that fulfil `condition`, as `t` of information_schema. */
export const tables = (condition: string, told = `CONCAT(t.table_schema, '.', t.table_name)`): string =>
  `SELECT ${told} AS found FROM information_schema.tables t
    WHERE t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND t.table_schema NOT IN (${foreign}) AND ${condition}`;
