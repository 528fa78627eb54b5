/** Where a client signs in. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  database: string;
  connectionTimeoutMillis: number;
  application_name: string;
}

/** What is written once: no other write has the same writer and number. */
export interface Key {
  writer: number;
  n: number;
  account: number;
}

/** What became of a key. */
export interface Written {
  /** False when the row was there already: an earlier attempt was committed although its client was told otherwise. */
  isNew: boolean;
  /** Resource id of the database that took the row; null where an earlier attempt had written it. */
  server: string | null;
  /** When the client asked for the commit; real milliseconds since the epoch. The commit is no older. */
  askedAt: number;
}

/** The connection, or connections, of one client. After an error it is given up for a new one, and the same key is written again. */
export interface Client {
  /** Resolves once the database has confirmed the row, or has it already. */
  write(key: Key): Promise<Written>;
  end(): Promise<void>;
}

/** One way in which real clients speak to PostgreSQL. */
export interface Kind {
  name: string;
  /** Its sessions carry state that no pooler can move between servers: held at one, they are reset. */
  needsSession: boolean;
  /** Logical clients that share the connections of one writer. */
  lanes: number;
  connect(connection: Connection): Promise<Client>;
}

/** Runs one statement and gives its rows. */
export type Query = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** Real time with a resolution below a millisecond, the same in every process. */
export const now = () => performance.timeOrigin + performance.now();
