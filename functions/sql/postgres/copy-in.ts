import pg from 'pg';
import type { Session } from './session.ts';

/** What the driver calls and its types lack. */
interface Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A row that the server asks for once it has read the statement. */
class Row extends pg.Query {
  readonly #value: string;

  constructor(table: string, value: string, done: (error: Error | undefined) => void) {
    super(`COPY ${table} FROM STDIN`, undefined, done);
    this.#value = value;
  }

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFromChunk(Buffer.from(`${this.#value}\n`));
    connection.endCopyFrom();
  }
}

/**
 * Puts a row of one text into a table outside of any statement: servers log statements and parameters, and views show statements, but none
 * of them keeps rows.
 * @param value without tabs, backslashes and ends of lines, which mean something in a row
 */
export function copyIn(session: Session, table: string, value: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const row = new Row(table, value, (error) => (error ? reject(error) : resolve()));
    // A test's own session may reject before the driver is asked.
    Promise.resolve(session.query(row)).catch(reject);
  });
}
