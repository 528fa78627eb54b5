import type { Connection, Kind, Query } from './client.ts';
import { MYSQL_KINDS } from './mysql-client.ts';
import { type Habits, openPgClient } from './pg-client.ts';
import { openPooledClient, POOLED_CLIENTS } from './pooler.ts';
import { openPostgresJsClient } from './postgres-js.ts';
import { openTwoPhaseClient } from './two-phase.ts';

/**
 * The ways in which real clients write, and in which they get round a read-only default. To add one, add a line: writers are spread over
 * all of them, and the report and the invariants count each.
 */
export const KINDS: readonly Kind[] = [
  pgKind('plain', {}),
  pgKind('start-up option', { options: '-c default_transaction_read_only=off' }),
  pgKind('single statements', { writes: 'statements' }),
  pgKind('BEGIN READ WRITE', { begin: ['BEGIN READ WRITE'], writes: 'transactions' }),
  { name: 'transaction pooler', needsSession: false, lanes: POOLED_CLIENTS, connect: openPooledClient },
  pgKind('SET SESSION CHARACTERISTICS', { onConnect: overrideSession }),
  pgKind('listener with advisory lock', { onConnect: listenAndLock, options: '-c lock_timeout=2s' }),
  { name: 'two-phase commit', needsSession: false, lanes: 1, connect: openTwoPhaseClient },
  { name: 'Postgres.js', needsSession: false, lanes: 1, connect: openPostgresJsClient },
  pgKind('SET TRANSACTION', { begin: ['BEGIN', 'SET TRANSACTION READ WRITE'], writes: 'transactions' }),
];

/**
 * The kind of a writer by its number, which counts from 1.
 * @param names of the kinds that there are; all of PostgreSQL where it is left out
 */
export function kindOf(writer: number, names?: readonly string[]): Kind {
  const kinds = names ? [...KINDS, ...MYSQL_KINDS].filter(({ name }) => names.includes(name)) : KINDS;
  const kind = kinds[(writer - 1) % kinds.length];
  if (!kind) throw new Error(`there is no kind of client among ${names?.join(', ')}`);
  return kind;
}

function pgKind(name: string, habits: Habits): Kind {
  const connect = (connection: Connection) => openPgClient(connection, habits);
  return { name, needsSession: habits.onConnect !== undefined, lanes: 1, connect };
}

function overrideSession(query: Query) {
  return query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE');
}

/** The lock is of the session: a server that still has the client's last session makes it wait. */
async function listenAndLock(query: Query, { application_name }: Connection) {
  await query('LISTEN rehearsal_orders');
  await query('SELECT pg_advisory_lock(hashtext($1))', [application_name]);
}
