import { describe, expect, it } from 'vitest';
import type { MysqlFacts } from '../../../functions/domain/way-back/mysql/facts.ts';
import { judgeMysql } from '../../../functions/domain/way-back/mysql/feasibility.ts';
import { findGroupObstacle } from '../../../functions/domain/way-back/mysql/own-group.ts';
import { mariadbFacts as mariadb } from '../mysql-sample.ts';

const green: MysqlFacts = { ...mariadb, version: '11.8.5', serverId: 2, readOnly: true };
const old: MysqlFacts = {
  ...mariadb,
  flavour: 'mysql',
  version: '5.7.44',
  collation: { server: 'utf8mb4_general_ci', ofCharacterSets: '', known: [] },
};
const mysql8: MysqlFacts = { ...green, flavour: 'mysql', version: '8.0.43' };

const log = (change: Partial<MysqlFacts['log']>): MysqlFacts['log'] => ({ ...mariadb.log, ...change });
const applier = (change: Partial<MysqlFacts['applier']>): MysqlFacts['applier'] => ({
  ...mariadb.applier,
  ...change,
});

function judge(
  blue: MysqlFacts,
  of: MysqlFacts | undefined = green,
  engine = 'mariadb',
  readOnlyObstacle?: string,
) {
  return judgeMysql(
    {
      enabled: true,
      engine,
      replication: 'binlog',
      stopsWrites: false,
      applicationRoles: ['app'],
      compare: 'counts',
      losesStatistics: false,
      readOnlyObstacle,
      blue,
      ...(of && { green: of }),
    },
    { blue, green: of },
  );
}

describe('is there a way back of the MySQL family?', () => {
  it.each([
    ['everything is as the setup file makes it', judge(mariadb)],
    ['green is not built yet', judge(mariadb, undefined)],
    [
      'MariaDB 11 gives new collations that 10.11 knows',
      judge(mariadb, { ...green, collation: { ...green.collation, server: 'utf8mb4_uca1400_ai_ci' } }),
    ],
    ['Aurora lets us close a clone', judge({ ...mariadb, setsReadOnly: true }, green, 'aurora-mysql')],
  ])('yes: %s', (_, verdict) => {
    expect(verdict.because).toEqual([]);
  });

  it.each([
    [
      'the group of blue is shared',
      judge(mariadb, green, 'mariadb', 'its group is shared'),
      'written again: its group is shared',
    ],
    [
      'the setup is missing',
      judge({ ...mariadb, missing: ['run docs/setup-mysql.sql'] }),
      'run docs/setup-mysql.sql',
    ],
    ['no schema', judge({ ...mariadb, databases: [] }), 'no schema'],
    [
      'statements in the log',
      judge(mariadb, { ...green, log: log({ format: 'MIXED' }) }),
      'binlog_format of green is MIXED',
    ],
    [
      'half rows in the log',
      judge({ ...mariadb, log: log({ image: 'MINIMAL' }) }),
      'binlog_row_image of blue',
    ],
    [
      'compression',
      judge(mariadb, { ...green, log: log({ compressed: true }) }),
      'binlog_transaction_compression of green',
    ],
    ['partial JSON', judge(mariadb, { ...green, log: log({ partialJson: true }) }), 'PARTIAL_JSON'],
    ['no log', judge({ ...mariadb, log: log({ kept: false }) }), 'automated backups'],
    [
      'what comes by replication is not passed on',
      judge(mariadb, { ...green, log: log({ passesOn: false }) }),
      'log_replica_updates',
    ],
    [
      'hidden keys',
      judge(mariadb, { ...green, log: log({ hiddenKeys: true }) }),
      'sql_generate_invisible_primary_key',
    ],
    ['GTID on one side', judge(mariadb, { ...green, log: log({ gtid: true }) }), 'gtid_mode'],
    [
      'a collation that blue does not know',
      judge(
        old,
        {
          ...mysql8,
          collation: { ...green.collation, server: 'utf8mb4_0900_ai_ci', known: ['utf8mb4_0900_ai_ci'] },
        },
        'mysql',
      ),
      'utf8mb4_0900_ai_ci',
    ],
    [
      'a table that is not InnoDB',
      judge({
        ...mariadb,
        databases: [
          { name: 'shop', tables: 1, bytes: 1, notTransactional: ['`shop`.`log`'], withoutKey: [] },
        ],
      }),
      '`shop`.`log`',
    ],
    [
      'a filter',
      judge({ ...mariadb, applier: applier({ filters: ['replicate_do_db=shop'] }) }),
      'replicate_do_db=shop',
    ],
    ['IDEMPOTENT', judge({ ...mariadb, applier: applier({ execMode: 'IDEMPOTENT' }) }), 'IDEMPOTENT'],
    [
      'skipped errors',
      judge({ ...mariadb, applier: applier({ skipErrors: '1062' }) }),
      'slave_skip_errors 1062',
    ],
    [
      'RDS keeps blue from following',
      judge({ ...mariadb, applier: applier({ barred: true }) }),
      'mysql.rds_history',
    ],
    [
      'blue follows another server',
      judge({ ...mariadb, follows: { host: 'db.example', user: 'repl' } }),
      'db.example',
    ],
    [
      'an account stronger than read_only',
      judge({ ...mariadb, strongAccounts: ["'boss'@'%'"] }),
      "'boss'@'%'",
    ],
    ['something prepared', judge({ ...mariadb, prepared: ['order-7'] }), 'order-7'],
    ['events run', judge({ ...mariadb, events: ['shop.nightly'] }), 'shop.nightly'],
    [
      'nothing would close a clone on Aurora',
      judge(mariadb, green, 'aurora-mysql'),
      'EXECUTE ON PROCEDURE mysql.rds_set_read_only',
    ],
    ['one server id', judge(mariadb, { ...green, serverId: 1 }), 'server id 1'],
  ])('no: %s', (_, verdict, because) => {
    expect(verdict.because.join('; ')).toContain(because);
  });

  it('warns of tables without a key, of the application’s own collation, and of new types', () => {
    const keyless = {
      name: 'shop',
      tables: 1,
      bytes: 1,
      notTransactional: [],
      withoutKey: ['`shop`.`hits`'],
    };
    const { because, warnings } = judge({ ...old, databases: [keyless] }, mysql8, 'mysql');
    expect(because).toEqual([]);
    expect(warnings.join('; ')).toMatch(/`shop`\.`hits`.*SET NAMES utf8mb4.*types that are new/);
  });
});

it.each([
  ['own', { group: 'orders-mariadb10-11', users: ['orders'], tagged: true }, undefined],
  ['the default', { group: 'default.mariadb10.11', users: ['orders'], tagged: true }, 'default.mariadb10.11'],
  ['shared', { group: 'all', users: ['orders', 'reports'], tagged: true }, 'orders, reports'],
  ['not released', { group: 'orders-mariadb10-11', users: ['orders'], tagged: false }, 'viridian:way-back'],
  ['not known', { group: undefined, users: [], tagged: false }, 'not known'],
])('a parameter group that is %s', (_, use, because) => {
  const found = findGroupObstacle(use);
  if (because === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(because);
});

it('there is none between two families of one SQL, and nothing else is said of them then', () => {
  expect(judge(old, { ...green, serverId: old.serverId }).because).toEqual([
    'green is mariadb, and blue is mysql',
  ]);
});
