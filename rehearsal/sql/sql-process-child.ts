import { text } from 'node:stream/consumers';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { useLogSink } from '../../functions/runtime/log.ts';
import type { Ask, Asked } from '../../functions/sql/contract.ts';
import { handler as mysqlHandler } from '../../functions/sql/mysql.ts';
import { handler as postgresHandler } from '../../functions/sql/postgres.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import type { Doom } from './sql-process.ts';

/** Answers one question and ends; with a doom it kills itself on the way, as an operator or a machine that fails would. */

useLogSink(() => {});
// Sessions to this machine only: no TLS, and the servers trust whoever comes.
configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });

interface Client {
  query(...args: unknown[]): Promise<unknown>;
}

/** The second one's types leave out what the driver exports. */
const clients = [
  pg.Client,
  (mysql as unknown as { PromiseConnection: typeof pg.Client }).PromiseConnection,
].map(({ prototype }) => prototype as unknown as Client);

const asked = await text(process.stdin);
// One that was begun ahead and is not needed hears nothing.
if (asked) await answer(JSON.parse(asked) as { question: Asked<Ask>; doom?: Doom });

async function answer({ question, doom }: { question: Asked<Ask>; doom?: Doom }): Promise<void> {
  let statements = 0;
  for (const client of clients) {
    const { query } = client;
    client.query = async function (this: Client, ...args) {
      statements += 1;
      const last = statements === doom?.statement;
      if (last && doom.moment === 'before') await die();
      // A row that is copied in is no promise: its statement is asked by a callback.
      const result = Promise.resolve(query.apply(this, args));
      if (last && doom.moment === 'sent') setImmediate(die);
      if (last && doom.moment === 'answered') await result.catch(() => {}).then(die);
      return result;
    };
  }
  const reply = await (question.family === 'mysql' ? mysqlHandler : postgresHandler)(question);
  if (doom?.moment === 'returned') await die();
  process.stdout.write(JSON.stringify({ reply, statements }));
}

/** Nothing is done any more, however long the signal takes. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
