import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { requireClosed } from './closed.ts';
import { readFencePosition } from './notes.ts';
import { literals, tableName } from './quoting.ts';
import { isFrom, type Session, withKeptSession } from './session.ts';
import { requireUndisturbed } from './undisturbed.ts';

/** What a table, or a sequence of MariaDB, would give next. */
interface Counter {
  schema: string;
  name: string;
  kind: 'table' | 'sequence';
  next: string;
}

/** The counters of these schemas, in one order. */
async function readCounters(session: Session, schemas: string[]): Promise<Counter[]> {
  // MySQL 8 answers what was true a day ago where nobody asks for more.
  if (session.flavour === 'mysql' && isFrom(session, '8.0.0'))
    await session.query('SET SESSION information_schema_stats_expiry=0');
  const tables = await session.query<Omit<Counter, 'kind'>>(
    `SELECT table_schema AS \`schema\`, table_name AS name, CAST(auto_increment AS CHAR) AS next FROM information_schema.tables
      WHERE table_schema IN (${literals(schemas)}) AND auto_increment IS NOT NULL ORDER BY 1, 2`,
  );
  return [
    ...tables.map((table) => ({ ...table, kind: 'table' as const })),
    ...(session.flavour === 'mariadb' ? await readSequences(session, schemas) : []),
  ];
}

async function readSequences(session: Session, schemas: string[]): Promise<Counter[]> {
  const sequences = await session.query<{ schema: string; name: string }>(
    `SELECT table_schema AS \`schema\`, table_name AS name FROM information_schema.tables
      WHERE table_schema IN (${literals(schemas)}) AND table_type = 'SEQUENCE' ORDER BY 1, 2`,
  );
  return sideBySide(sequences, async (sequence) => {
    const [row] = await session.query<{ next: string }>(
      `SELECT CAST(next_not_cached_value AS CHAR) AS next FROM ${tableName(sequence)}`,
    );
    return { ...sequence, kind: 'sequence' as const, next: row?.next ?? '' };
  });
}

/**
 * Writes down in the log what every AUTO_INCREMENT stands at. What rows carry is not enough: after a rollback or an insert of many rows a server
 * has counted further than its rows show, and the other side would give the same number again. 11 ms a table; sequences of MariaDB
 * travel by themselves.
 */
export async function equalizeCounters(session: Session, schemas: string[]): Promise<void> {
  for (const counter of await readCounters(session, schemas)) {
    if (counter.kind === 'table')
      await session.query(`ALTER TABLE ${tableName(counter)} AUTO_INCREMENT = ${BigInt(counter.next)}`);
  }
}

/** Both sides side by side: the stream has brought what the fence wrote down, and nothing is set here. */
export async function compareCounters(input: Input<'set-sequences'>): Promise<Answer<'set-sequences'>> {
  const { databases, login } = input;
  const [wanted, found] = await Promise.all([
    withKeptSession({ ...input.production, login }, async (session) => {
      await requireClosed(session, input.production.host);
      await requireUndisturbed(session, await readFencePosition(session));
      return readCounters(session, databases);
    }),
    withKeptSession({ ...input.target, login }, (session) => readCounters(session, databases)),
  ]);
  const there = new Map(found.map((counter) => [keyOf(counter), counter.next]));
  const differing = wanted.filter((counter) => there.get(keyOf(counter)) !== counter.next);
  return {
    set: wanted.length,
    differing: firstNames(differing.map(({ schema, name }) => `${schema}: ${name}`)),
  };
}

const keyOf = ({ schema, name }: Counter): string => JSON.stringify([schema, name]);
