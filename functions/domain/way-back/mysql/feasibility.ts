import { isAurora } from '../../model/engine.ts';
import { firstNames } from '../../model/first-names.ts';
import { type BothFacts, type Judgement, named, type WayBackCase } from '../judgement.ts';
import type { MysqlFacts } from './facts.ts';

/**
 * Whether the MySQL family has a way back for these two servers. The stream goes from the newer into the older version, which upstream calls possible and
 * does not support: what was tried on real servers and breaks it, or loses rows without a word, is asked for here.
 */
export function judgeMysql(asked: WayBackCase, { blue, green }: BothFacts<MysqlFacts>): Judgement {
  return {
    because: [
      ...(asked.readOnlyObstacle === undefined
        ? []
        : [`going back could not let blue be written again: ${asked.readOnlyObstacle}`]),
      ...judgeTarget(asked, blue),
      ...judgeBlue(blue),
      ...judgeLog('blue', blue),
      ...(green ? [...judgeLog('green', green), ...judgePair(blue, green)] : []),
    ],
    warnings: warn(blue, green),
  };
}

/** On Aurora the target is a clone of blue, which no parameter group closes without a restart. */
function judgeTarget({ engine }: WayBackCase, { setsReadOnly }: MysqlFacts): string[] {
  if (!isAurora(engine) || setsReadOnly) return [];
  return [
    "nothing could close a clone of blue: Aurora MySQL 3.06 and later can, after GRANT EXECUTE ON PROCEDURE mysql.rds_set_read_only TO 'viridian'@'%'",
  ];
}

/** Blue receives the stream. */
function judgeBlue({ databases, missing, applier, follows, strongAccounts, prepared }: MysqlFacts): string[] {
  return [
    ...(databases.length === 0 ? ['no schema of the server holds tables'] : []),
    ...firstNames(missing).map((statement) => `the setup is not complete: ${statement}`),
    ...databases.flatMap(({ name, notTransactional }) =>
      named(
        notTransactional,
        `tables of ${name} are not InnoDB, and a session that is ended leaves them half written`,
      ),
    ),
    ...named(
      applier.filters,
      'replication into blue is filtered, and rows would be missing without an error',
    ),
    ...(applier.execMode === 'STRICT'
      ? []
      : [
          `slave_exec_mode of blue is ${applier.execMode}, which passes over rows that are missing: set it to STRICT`,
        ]),
    ...(['OFF', ''].includes(applier.skipErrors)
      ? []
      : [`blue passes over errors of replication (slave_skip_errors ${applier.skipErrors}): set it to OFF`]),
    ...(applier.barred
      ? [
          'RDS keeps blue from following another server, since it was a replica or a green itself (mysql.rds_history)',
        ]
      : []),
    ...(follows ? [`blue follows ${follows.host} already`] : []),
    ...named(strongAccounts, 'read_only does not bind these accounts, which could write on old blue'),
    ...named(prepared, 'prepared transactions are open, and outlive every session'),
  ];
}

/** Every row must be in the log, as a row, and readable by the older version. */
function judgeLog(side: 'blue' | 'green', { log, events }: MysqlFacts): string[] {
  return [
    ...(log.kept ? [] : [`${side} keeps no binary log: turn automated backups on`]),
    ...(log.format === 'ROW'
      ? []
      : [
          `binlog_format of ${side} is ${log.format}, in which statements give other rows on the other side: set it to ROW`,
        ]),
    ...(log.image === 'FULL' ? [] : [`binlog_row_image of ${side} is ${log.image}: set it to FULL`]),
    ...(log.partialJson ? [`binlog_row_value_options of ${side} has PARTIAL_JSON: take it away`] : []),
    ...(log.compressed ? [`binlog_transaction_compression of ${side} is on: turn it off`] : []),
    ...(log.passesOn
      ? []
      : [`${side} keeps what comes by replication out of its log: set log_replica_updates to 1`]),
    ...named(
      events,
      `events of ${side} write without a session that a fence could end: set event_scheduler to OFF; they are`,
    ),
  ];
}

/** From green into blue. */
function judgePair(blue: MysqlFacts, green: MysqlFacts): string[] {
  if (green.flavour !== blue.flavour) return [`green is ${green.flavour}, and blue is ${blue.flavour}`];
  return [
    ...judgeCollation(blue, green),
    ...(green.serverId === blue.serverId
      ? [`both sides have server id ${blue.serverId}, so the cut cannot be found in the log`]
      : []),
    ...(green.log.hiddenKeys && !blue.log.hiddenKeys
      ? ['sql_generate_invisible_primary_key of green is on: turn it off, blue does not know such keys']
      : []),
    ...(green.log.gtid !== blue.log.gtid ? ['gtid_mode is on on one side only: set both alike'] : []),
  ];
}

/** A session that has one of them breaks every transaction that it writes. Blue must know what green gives to sessions by itself. */
function judgeCollation(blue: MysqlFacts, green: MysqlFacts): string[] {
  const isNew = (name: string) => /_0900_|uca1400/.test(name);
  const unknown = [green.collation.server, ...green.collation.ofCharacterSets.split(/[,=]/)].filter(
    (name) => isNew(name) && !knows(blue, name),
  );
  const names = [...new Set(unknown)];
  if (names.length === 0) return [];
  return [
    `sessions on green have collations that blue does not know (${firstNames(names).join(', ')}): set collation_server to utf8mb4_general_ci${
      green.flavour === 'mariadb' ? ' and character_set_collations to nothing' : ''
    } in the parameter group of green`,
  ];
}

function knows({ collation }: MysqlFacts, name: string): boolean {
  const family = name.includes('uca1400') ? 'uca1400' : '_0900_';
  return collation.known.some((known) => known.includes(family));
}

function warn(blue: MysqlFacts, green: MysqlFacts | undefined): string[] {
  return [
    ...blue.databases.flatMap(({ name, withoutKey }) =>
      named(
        withoutKey,
        `tables of ${name} have no primary key, and each row of them that changes is looked for in the whole table`,
      ),
    ),
    ...(green && !knows(blue, '_0900_') && green.flavour === 'mysql'
      ? [
          'clients that say SET NAMES utf8mb4 break the stream: blue does not know the collation that this means on green',
        ]
      : []),
    'statements that change the schema, and types that are new in green, stop the stream where blue does not know them',
  ];
}
