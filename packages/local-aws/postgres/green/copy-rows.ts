import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { IsLate } from '../../real-clock.ts';
import { ownerConnection, serviceConnection } from '../database.ts';
import type { Link } from '../link.ts';
import { type Table, tablesOf, unloggedTablesOf } from '../tables.ts';

/** Tables that are copied at the same time: a small machine has two cores, and each copy has a process on either side. */
const lanes = 3;

/**
 * Copies every row that a snapshot of blue shows into the tables of green, which have the same names and columns. Rows that green's tables hold
 * are taken away first: what makes objects by itself made rows as well, and unlogged tables arrive empty. Triggers do not fire and foreign keys are not
 * checked, as with every replica.
 *
 * @param onBytes is told how much of the tables' size is done
 */
export async function copyRows(
  { blue, green }: Link,
  snapshot: string,
  isLate: IsLate,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await emptyTables(green);
  // The largest first, so that no lane is left with it at the end.
  const waiting = (await tablesOf(blue.sql)).toSorted((a, b) => Number(b.bytes) - Number(a.bytes));
  const runLane = async () => {
    const [from, to] = [
      new Client(ownerConnection(blue.server, blue.name)),
      new Client(serviceConnection(green)),
    ];
    for (const client of [from, to]) client.on('error', () => {});
    try {
      await Promise.all([from.connect(), to.connect()]);
      await from.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${snapshot}'`,
      );
      // What a copy that fails has made is thrown away as a whole.
      await to.query('SET synchronous_commit = off');
      for (let table = waiting.shift(); table; table = waiting.shift()) {
        if (isLate()) throw new Error('the limit of time for the copy has passed');
        await copyTable(table, from, to);
        onBytes(Number(table.bytes));
      }
    } finally {
      await Promise.all([from.end().catch(() => {}), to.end().catch(() => {})]);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      runLane().catch((failure) => {
        waiting.length = 0;
        throw failure;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function copyTable({ name, columns }: Table, from: Client, to: Client): Promise<void> {
  const list = columns === '' ? '' : `(${columns})`;
  try {
    await pipeline(
      from.query(copyTo(`COPY ${name} ${list} TO STDOUT`)),
      to.query(copyFrom(`COPY ${name} ${list} FROM STDIN`)),
    );
  } catch (failure) {
    throw new Error(`the rows of ${name} cannot be copied to green: ${(failure as Error).message}`, {
      cause: failure,
    });
  }
}

async function emptyTables(green: Link['green']): Promise<void> {
  const client = new Client(serviceConnection(green));
  client.on('error', () => {});
  try {
    await client.connect();
    const filled = (await tablesOf(client)).filter(({ bytes }) => bytes !== '0').map(({ name }) => name);
    for (const name of [...filled, ...(await unloggedTablesOf(client))])
      await client.query(`DELETE FROM ONLY ${name}`);
  } finally {
    await client.end().catch(() => {});
  }
}
