import type { MysqlFacts } from '../../functions/domain/way-back/mysql/facts.ts';

/** A server of MariaDB on which everything is as the setup leaves it. */
export const mariadbFacts: MysqlFacts = {
  family: 'mysql',
  flavour: 'mariadb',
  version: '10.11.15',
  serverId: 1,
  readOnly: false,
  setsReadOnly: false,
  log: {
    kept: true,
    format: 'ROW',
    image: 'FULL',
    partialJson: false,
    compressed: false,
    passesOn: true,
    gtid: false,
    hiddenKeys: false,
    retentionHours: null,
  },
  collation: { server: 'utf8mb4_general_ci', ofCharacterSets: '', known: ['uca1400_ai_ci'] },
  applier: { execMode: 'STRICT', skipErrors: 'OFF', filters: [], barred: false },
  follows: null,
  databases: [{ name: 'shop', tables: 3, bytes: 1_000, notTransactional: [], withoutKey: [] }],
  events: [],
  strongAccounts: [],
  prepared: [],
  missing: [],
};
