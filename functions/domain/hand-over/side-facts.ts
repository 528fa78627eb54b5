/** Reads the changes of a server, and is neither the service nor ours. */
export interface Consumer {
  /** Name of its slot, or of its account and host as `user at host`. */
  name: string;
  /** How it reads: a logical slot of PostgreSQL, or the binary log of the MySQL family. */
  by: 'slot' | 'binlog';
  /** It reads just now. A reader of the binary log is known only while it does. */
  active: boolean;
  /** Up to where it has confirmed; null where the server does not know that. */
  confirmed: string | null;
}

/** Where the log of a server stands: `1/A2B3C4` of PostgreSQL, `file:offset` of the binary log. */
export interface LogPlace {
  position: string;
  /** GTID set of the MySQL family up to there; null where there is none, or one too long to be told. */
  gtid: string | null;
}

/** Digests of what the catalogs of a database hold, by kind: `tables`, `indexes`, `code`, `sequences`, `rights`. */
export type CatalogDigests = Record<string, string>;

/** How large the databases of a server are, all together. */
export interface ServerSize {
  tables: number;
  sequences: number;
  bytes: number;
  /** Bytes that ANALYZE reads at most with the default sample of PostgreSQL, 30,000 blocks a table; null of the MySQL family. */
  sampled: number | null;
}

/** How far a look goes: `tables` adds sizes and tables that are still copied, `catalogs` their digests as well. */
export type Depth = 'server' | 'tables' | 'catalogs';

/** What one server says of itself while a deployment is there: in one look, and nothing of any row. */
export interface SideFacts {
  consumers: Consumer[];
  /** Null where the server keeps no log that others could read. */
  log: LogPlace | null;
  /** By database; `roles` of the whole server stand under an empty name. Empty where they were not asked for. */
  catalogs: Record<string, CatalogDigests>;
  /** Null where it was not asked for. */
  size: ServerSize | null;
  /** What is wrong with the replication that this server receives, in sentences; empty: nothing, or it receives none. */
  stream: string[];
}

/** What both databases say of how green follows blue, while it waits for its cut. */
export interface FollowingFacts {
  /** Kinds of things that were changed on blue since green was built and that replication does not carry: `indexes in shop`. */
  changed: string[];
  /** Why RDS would not switch over just now, or rows would not arrive: in sentences. */
  obstacles: string[];
}
