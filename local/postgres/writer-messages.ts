/** Where and how the writers write. */
export interface WriterOptions {
  connection: { host: string; port: number; user: string; database: string; connectionTimeoutMillis: number };
  writers: number;
  /** Number of the first writer; a second workload on the same tables must begin higher. */
  firstWriter: number;
  thinkMs: number;
  reconnectMs: number;
}

export type ToWriters = { kind: 'start'; options: WriterOptions } | { kind: 'stop' };

/** What writers tell, in bundles. `at`: real milliseconds since the epoch, with fractions. */
export type FromWriters =
  | { kind: 'acknowledged'; writer: number; n: number; at: number; wasThere: boolean }
  | { kind: 'error'; writer: number; code: string; at: number };
