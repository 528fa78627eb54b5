/**
 * What is known of the way back, as plain JSON. Positions are those of a server's write-ahead log, as PostgreSQL writes
 * them (`1/A2B3C4`). Lists are cut off after {@link listLimit} entries, those of {@link ServerFacts} after fewer, and then their last entry
 * says how many others there are; `null` is what could not be read, and never a good value.
 */
export const listLimit = 20;

/** A transaction that holds up replication or could still write. */
export interface OpenTransaction {
  database: string;
  /** Null for a prepared one, which has no process. */
  pid: number | null;
  role: string;
  /** Age in seconds. */
  seconds: number;
  writing: boolean;
  /** Identifier of a prepared transaction. */
  prepared?: string;
}

/** A role whose writes the gate is to hold. */
export interface ApplicationRole {
  name: string;
  exists: boolean;
  /** Why no wall holds it: it is bound by no right, or the reverse stream is applied in its sessions. */
  unholdable: 'superuser' | 'owner of the setup' | null;
  /** Its own value of `default_transaction_read_only`, where it has one; with a database when it counts there only. */
  ownSettings: { value: string; database: string | null }[];
}

/** What one database of a server says. */
export interface DatabaseFacts {
  name: string;
  tables: number;
  /** Of the rows of all tables, without what lies out of line. */
  bytes: number;
  sequences: number;
  /** Tables that UPDATE and DELETE cannot be replicated for: no primary key and no replica identity. */
  withoutIdentity: string[];
  unlogged: string[];
  largeObjects: number;
  /** Tables whose row security binds even their owner, with whose rights rows are carried back and compared. */
  rowSecurity: string[];
  /** Triggers that also fire for replicated rows (ENABLE REPLICA, ENABLE ALWAYS). */
  replicaTriggers: string[];
  /** Code of others that would run with a master user's rights when this database received the stream. */
  ownersCode: string[];
  /** Statements of the way back that failed when they were tried, by their kind, each with its SQLSTATE and the event trigger that refused it. */
  refusedStatements: string[];
  foreignPublications: string[];
  foreignSubscriptions: string[];
  /** What the setup file would have made here and is missing, as statements or as the file's name. */
  missing: string[];
  /** Statements without which the statistics of some table could not be refreshed. */
  missingToAnalyze: string[];
}

/** What a server and its databases say, before anything is made. */
export interface ServerFacts {
  version: number;
  major: number;
  /** A physical copy: nothing can be written or made on it. */
  inRecovery: boolean;
  /** Databases of the application: those with tables or sequences, or those that were asked for. */
  databases: DatabaseFacts[];
  applicationRoles: ApplicationRole[];
  /** Roles that may sign in and are neither ours, nor the service's, nor named as the application's. */
  otherLoginRoles: string[];
  /** Statements of the setup that are missing on the server as a whole. */
  missing: string[];
  capacity: {
    walLevel: string;
    slots: { used: number; max: number };
    senders: { used: number; max: number };
    /** Logical replication workers. */
    workers: { used: number; max: number };
    /** Background workers of any kind, each of which is a process: the launcher of replication is one, every apply worker is another. */
    workerProcesses: { used: number; max: number };
  };
  /** Logical slots that are not the service's; one of ours is left over from another run. */
  foreignSlots: string[];
  /** Open for more than a few seconds, and all prepared ones. */
  openTransactions: OpenTransaction[];
  /** Settings by which the server may log the one-time password: it keeps statements inside of functions, or how its worker connects. */
  tellsPassword: string[];
}

/** A session that could write, or does. */
export interface Writer {
  database: string;
  pid: number | null;
  role: string;
  application: string;
  /** Has a transaction that has written. */
  writing: boolean;
  /** Identifier of a prepared transaction. */
  prepared?: string;
}

/**
 * How far a database has changed, by its name. PostgreSQL: the sum of all row changes since its statistics began; an application's write raises it.
 * MySQL family: the position of the server's binary log.
 */
export type ChangeCounts = Record<string, string>;

/** Where one database's changes are kept from, for the way back. */
export interface SecuredDatabase {
  database: string;
  /** What keeps them: a slot, or the file of the binary log. */
  slot: string;
  /** Everything that was committed before lies before this position. */
  asked: string;
  /** Where the slot began, never before `asked`; or where new production itself began to write. */
  start: string;
  /** MySQL family: server id of blue, which wrote what lies before; null where it wrote nothing between the two looks. */
  origin?: number | null;
  /** MySQL family: rows that blue wrote may lie behind `start` as well. */
  early?: boolean;
}

/** Both ends of the reverse stream of one database, in one look. */
export interface StreamFacts {
  database: string;
  /** Null when the slot is gone. */
  slot: null | {
    active: boolean;
    /** `reserved`, `extended`, `unreserved` or `lost` (pg_replication_slots.wal_status). */
    walStatus: string | null;
    /** Why the server has given it up, where it says that: `wal_removed`, `idle_timeout` (`invalidation_reason`, PostgreSQL 17). */
    because?: string;
    /** Log that the server keeps for the slot. */
    retainedBytes: number;
    confirmed: string;
    /** Between the confirmed position and the end of the log. */
    lagBytes: number;
  };
  /** Null when the subscription is gone. */
  subscription: null | {
    enabled: boolean;
    workerAlive: boolean;
    received: string | null;
    /** Cumulative; null before PostgreSQL 15, which does not count them. */
    applyErrors: number | null;
    /** Tables that are not in the state of being streamed. */
    tablesNotReady: number;
    /** Why it is not enabled, where the server says that. */
    because?: string;
  };
  /** The beat that was just written on new production, and the newest that the target has. */
  beat: { sent: number; arrived: number | null; arrivedAgeSeconds: number | null };
}

/** How far one database's changes have arrived. */
export interface DrainedDatabase {
  database: string;
  /** The position after the fence. */
  position: string;
  /** What the target has confirmed as durable; null when the slot is gone. */
  confirmed: string | null;
  drained: boolean;
}

/** One table on both sides. A digest is null when only rows were counted. */
export interface TableComparison {
  database: string;
  table: string;
  rows: { production: string | null; target: string | null };
  digest: { production: string | null; target: string | null };
  equal: boolean;
}

/** How far a comparison is, passed from step to step. */
export interface CompareProgress {
  /** Tables that were compared to their end. */
  tables: number;
  /** Tables that are not equal, with the first of them. */
  differing: number;
  examples: TableComparison[];
  done: boolean;
  /** Where the next step goes on, when it is not done. */
  cursor?: CompareCursor;
}

/** A table that is being read, and how much of it each side has been read. */
export interface CompareCursor {
  database: string;
  table: string;
  production: SideProgress;
  target: SideProgress;
}

/** One side of a table that is being read: the next block, and the sums until there. */
export interface SideProgress {
  block: number;
  rows: string;
  digest: string;
  /** MySQL family: how many blocks the side is divided into; left out before the first. */
  of?: number;
}

/** Things of ours that are left on a server, whichever run they are of. Publications, subscriptions and closings by the name of their database. */
export interface Leftovers {
  publications: string[];
  subscriptions: string[];
  slots: LeftSlot[];
  heldRoles: HeldRole[];
  /** Databases that we have closed, and that have not been opened since. */
  closed: string[];
  /** The replication user can sign in with a password; null where that cannot be read, as on RDS. */
  passwordSet: boolean | null;
  /** Hours for which a server of the MySQL family keeps its log for us, and those from before (null: no longer than it needs it); absent: as before. */
  logKept?: { hours: number; before: number | null };
}

export interface LeftSlot {
  name: string;
  database: string;
  /** Somebody reads from it just now, and as long as that is so it cannot be dropped. */
  active: boolean;
  /** Log that the server keeps for it. */
  retainedBytes: number;
}

/** A role that may open no session and write nothing, in all databases of its server. */
export interface HeldRole {
  role: string;
  /** Database that remembers what the role had before: it is to be let go there. */
  database: string;
}
