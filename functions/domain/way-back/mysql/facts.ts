/** What one schema of a server of the MySQL family says. Lists are cut off after a dozen entries. */
export interface MysqlSchema {
  name: string;
  tables: number;
  /** Of rows and indexes, as the server estimates them. */
  bytes: number;
  /** Tables of an engine that knows no transactions: what was half written when a session is ended stays. */
  notTransactional: string[];
  /** Tables without a primary key: a row that comes twice is doubled, and nothing stops. */
  withoutKey: string[];
}

/** What a server of the MySQL family says, before anything is made. `null` is what could not be read, and never a good value. */
export interface MysqlFacts {
  family: 'mysql';
  flavour: 'mariadb' | 'mysql';
  /** `10.11.18`. */
  version: string;
  serverId: number;
  readOnly: boolean;
  /** Whether we may set that ourselves (Aurora MySQL 3.06 and later). */
  setsReadOnly: boolean;
  log: {
    kept: boolean;
    /** `ROW`, `MIXED` or `STATEMENT`. */
    format: string;
    /** `FULL`, `MINIMAL` or `NOBLOB`. */
    image: string;
    partialJson: boolean;
    compressed: boolean;
    /** What comes by replication goes into the server's own log. */
    passesOn: boolean;
    gtid: boolean;
    /** Tables without a primary key get one that nobody sees. */
    hiddenKeys: boolean;
    retentionHours: number | null;
  };
  collation: {
    server: string;
    /** By which MariaDB 11 turns what a client asks for at its sign-in into another collation. */
    ofCharacterSets: string;
    /** Those of newer versions that this server knows. */
    known: string[];
  };
  applier: {
    /** `STRICT`, or `IDEMPOTENT`, which passes over rows that are missing. */
    execMode: string;
    skipErrors: string;
    /** Filters that are not the service's. */
    filters: string[];
    /** The service keeps this server from following anybody. */
    barred: boolean;
  };
  /** A stream that is configured into this server. */
  follows: { host: string; user: string } | null;
  databases: MysqlSchema[];
  /** Events that the server runs now, without any session. */
  events: string[];
  /** Accounts of others that `read_only` does not bind. */
  strongAccounts: string[];
  /** Identifiers of prepared transactions. */
  prepared: string[];
  /** Statements of the setup that are missing. */
  missing: string[];
}
