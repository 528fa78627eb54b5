import type { Connection } from './clients/client.ts';

/** Where and how the writers write. */
export interface WriterOptions {
  connection: Omit<Connection, 'application_name'>;
  writers: number;
  /** Number of the first writer; a second workload on the same tables must begin higher. */
  firstWriter: number;
  thinkMs: number;
  reconnectMs: number;
  /** Names of the kinds of clients that the writers are spread over; all where it is left out. */
  kinds?: readonly string[];
}

export type ToWriters =
  | { kind: 'start'; options: WriterOptions }
  /** Some of the writers go to this port from now on, as clients that keep an old answer of the name server; null: back to the endpoint. */
  | { kind: 'old-address'; port: number | null }
  | { kind: 'stop' };

/** What writers tell, in bundles. Times are real milliseconds since the epoch, with fractions. `atOld`: at an old address. */
export type FromWriters =
  | {
      kind: 'acknowledged';
      writer: number;
      n: number;
      at: number;
      wasThere: boolean;
      /** Resource id of the database that took it, where it is known, and when its commit was asked for. */
      server: string | null;
      askedAt: number;
      atOld: boolean;
    }
  | { kind: 'error'; writer: number; code: string; at: number; atOld: boolean };
