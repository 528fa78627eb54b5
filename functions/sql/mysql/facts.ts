import { firstNames } from '../../domain/model/first-names.ts';
import type { MysqlFacts, MysqlSchema } from '../../domain/way-back/mysql/facts.ts';
import type { Input } from '../contract.ts';
import { readStrongAccounts } from './accounts.ts';
import { readWriters } from './clients.ts';
import { readRunningEvents } from './closed.ts';
import { readMissing } from './missing.ts';
import { foreignSchemas } from './names.ts';
import { literals, tableName } from './quoting.ts';
import { isReadOnly, setsReadOnly } from './read-only.ts';
import { readReplica } from './replica.ts';
import { readRetention } from './retention.ts';
import { type Session, withSession } from './session.ts';
import { readTables, type Table } from './tables.ts';

/** Everything that decides whether there can be a way back, in one look at a server. */
export function facts(input: Input<'facts'>): Promise<MysqlFacts> {
  return withSession(input, async (session) => {
    const missing = await readMissing(session);
    const names = input.databases ?? (await readSchemas(session));
    const tables = await readTables(session, names);
    const databases = names.map((name) =>
      describeSchema(
        name,
        tables.filter(({ schema }) => schema === name),
      ),
    );
    // Whatever is ours can only be read where the setup was run.
    const complete = missing.length === 0;
    const replica = complete ? await readReplica(session) : undefined;
    const writers = complete ? await readWriters(session) : [];
    return {
      family: 'mysql',
      flavour: session.flavour,
      version: session.version,
      serverId: session.serverId,
      readOnly: await isReadOnly(session),
      setsReadOnly: await setsReadOnly(session),
      log: await readLog(session, complete),
      collation: await readCollation(session),
      applier: {
        ...(await readApplier(session)),
        filters: replica?.filters ?? [],
        barred: complete && (await isBarred(session)),
      },
      follows: replica ? { host: replica.host, user: replica.user } : null,
      databases: databases.filter(({ tables: count }) => input.databases !== undefined || count > 0),
      events: firstNames(await readRunningEvents(session)),
      strongAccounts: complete ? firstNames(await readStrongAccounts(session)) : [],
      prepared: firstNames(writers.flatMap(({ prepared }) => prepared ?? [])),
      missing,
    };
  });
}

async function readSchemas(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name NOT IN (${literals(foreignSchemas)}) ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

function describeSchema(name: string, tables: Table[]): MysqlSchema {
  const named = (some: Table[]) => firstNames(some.map(tableName));
  return {
    name,
    tables: tables.length,
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    notTransactional: named(tables.filter(({ engine }) => engine !== 'InnoDB')),
    withoutKey: named(tables.filter(({ key }) => key.length === 0)),
  };
}

async function readLog(session: Session, complete: boolean): Promise<MysqlFacts['log']> {
  const values = await readVariables(session, [
    'log_bin',
    'binlog_format',
    'binlog_row_image',
    'binlog_row_value_options',
    'binlog_transaction_compression',
    'log_bin_compress',
    'log_slave_updates',
    'log_replica_updates',
    'gtid_mode',
    'sql_generate_invisible_primary_key',
  ]);
  const isOn = (name: string) => ['ON', '1'].includes(values.get(name) ?? '');
  return {
    kept: isOn('log_bin'),
    format: values.get('binlog_format') ?? 'ROW',
    image: values.get('binlog_row_image') ?? 'FULL',
    partialJson: /PARTIAL_JSON/.test(values.get('binlog_row_value_options') ?? ''),
    // MariaDB compresses rows so that its older versions read them.
    compressed: isOn('binlog_transaction_compression'),
    passesOn: isOn('log_slave_updates') || isOn('log_replica_updates'),
    gtid: isOn('gtid_mode'),
    hiddenKeys: isOn('sql_generate_invisible_primary_key'),
    retentionHours: complete ? await readRetention(session) : null,
  };
}

async function readCollation(session: Session): Promise<MysqlFacts['collation']> {
  const values = await readVariables(session, ['collation_server', 'character_set_collations']);
  const known = await session.query<{ name: string }>(
    `SELECT collation_name AS name FROM information_schema.collations WHERE collation_name IN ('utf8mb4_0900_ai_ci', 'utf8mb4_uca1400_ai_ci', 'uca1400_ai_ci')`,
  );
  return {
    server: values.get('collation_server') ?? '',
    ofCharacterSets: values.get('character_set_collations') ?? '',
    known: known.map(({ name }) => name),
  };
}

async function readApplier(session: Session): Promise<{ execMode: string; skipErrors: string }> {
  const values = await readVariables(session, [
    'slave_exec_mode',
    'replica_exec_mode',
    'slave_skip_errors',
    'replica_skip_errors',
  ]);
  return {
    execMode: values.get('replica_exec_mode') ?? values.get('slave_exec_mode') ?? 'STRICT',
    skipErrors: values.get('replica_skip_errors') ?? values.get('slave_skip_errors') ?? 'OFF',
  };
}

/** Those among these that the server knows. */
async function readVariables(session: Session, names: string[]): Promise<Map<string, string>> {
  const rows = await session.query<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${literals(names)})`,
  );
  return new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
}

/** A server that was once a green may be kept from following anybody: the service's own note of it. */
async function isBarred(session: Session): Promise<boolean> {
  const rows = await session.query(
    `SELECT 1 AS found FROM mysql.rds_history WHERE action = 'disable set master' AND called_by_user LIKE 'rdsrepladmin%' LIMIT 1`,
  );
  return rows.length > 0;
}
