import mysql from 'mysql2/promise';

/** Rows of a statement, by the names of their columns. Numbers beyond 2^53 and times are texts. */
export type Row = Record<string, unknown>;

/** A session, as little of the driver as is needed here. */
export interface Connection {
  query(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Says goodbye without waiting. */
  end(): void;
}

export interface To {
  host?: string;
  port: number;
  user: string;
  password?: string;
  database?: string;
}

/** Opens a session on a server of this machine. A statement without rows answers none; a procedure the rows of its first query. */
export async function connectTo({ host = '127.0.0.1', ...to }: To): Promise<Connection> {
  const session = await mysql.createConnection({
    ...to,
    host,
    connectTimeout: 10_000,
    // 45 is utf8mb4_general_ci, which every version knows.
    charset: 'utf8mb4_general_ci',
    dateStrings: true,
    supportBigNumbers: true,
  });
  // A session that breaks rejects the statement that runs; without one there is nobody to tell.
  session.on('error', () => {});
  return {
    async query(sql, values) {
      const [rows] = await session.query(sql, values);
      if (!Array.isArray(rows)) return [];
      const first = rows[0];
      return (Array.isArray(first) ? first : rows) as Row[];
    },
    end: () => session.destroy(),
  };
}
