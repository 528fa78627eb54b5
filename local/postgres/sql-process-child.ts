import pg from 'pg';
import { useLogSink } from '../../functions/runtime/log.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import type { Doom } from './sql-process.ts';

/** Answers one question and ends; with a doom it kills itself at a statement, as an operator or a machine that fails would. */

const { question, doom } = JSON.parse(process.argv[2] ?? '{}') as { question: never; doom?: Doom };
useLogSink(() => {});
// Sessions to this machine only: no TLS, and the servers trust whoever comes.
configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });

const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => Promise<unknown>;
let statements = 0;
pg.Client.prototype.query = async function (this: pg.Client, ...args: unknown[]) {
  statements += 1;
  const last = statements === doom?.statement;
  const answer = query.apply(this, args);
  if (last && doom.moment === 'sent') setImmediate(die);
  if (last && doom.moment === 'answered') await answer.catch(() => {}).then(die);
  return answer;
} as never;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const reply = await handler(question);
process.stdout.write(JSON.stringify(reply));
