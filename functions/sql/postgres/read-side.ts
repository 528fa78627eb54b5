import type { CatalogDigests, Consumer, LogPlace, ServerSize } from '../../domain/hand-over/side-facts.ts';
import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { readCatalogs, readRoles } from './catalogs.ts';
import { type ListedDatabase, listDatabases } from './databases.ts';
import { slotPattern, subscription } from './names.ts';
import { eachDatabase, type Session, withSession } from './session.ts';

/** What one server says of itself while a deployment is there. One question a database, however many tables it has. Changes nothing. */
export async function readSide(input: Input<'read-side'>): Promise<Answer<'read-side'>> {
  const { depth } = input;
  const server = await withSession(input, 'postgres', async (session) => ({
    consumers: await readConsumers(session),
    log: await readLog(session),
    stream: await readStream(session),
    roles: depth === 'catalogs' ? await readRoles(session) : {},
    databases: depth === 'server' ? [] : await listDatabases(session),
  }));
  const { databases, roles, stream, ...rest } = server;
  if (depth === 'server') return { ...rest, stream, catalogs: {}, size: null };
  const open = databases.filter(({ missing }: ListedDatabase) => missing === null).map(({ name }) => name);
  const found = await eachDatabase(input, open, async (session) => ({
    catalogs: depth === 'catalogs' ? await readCatalogs(session) : {},
    unready: await readUnready(session),
    size: await readSize(session),
  }));
  const each = [...found];
  const catalogs = each.map(([name, { catalogs: of }]): [string, CatalogDigests] => [name, of]);
  return {
    ...rest,
    catalogs: depth === 'catalogs' ? { '': roles, ...Object.fromEntries(catalogs) } : {},
    size: addSizes(each.map(([, { size }]) => size)),
    stream: firstNames([...stream, ...each.flatMap(([name, { unready }]) => sayUnready(name, unready))]),
  };
}

/** ANALYZE takes 300 rows for each unit of the default target of 100, from as many blocks (PostgreSQL manual, ANALYZE). */
async function readSize(session: Session): Promise<ServerSize> {
  const { rows } = await session.query<Record<keyof ServerSize, string>>(
    `SELECT count(*) FILTER (WHERE c.relkind <> 'S') AS tables, count(*) FILTER (WHERE c.relkind = 'S') AS sequences,
            coalesce(sum(size.bytes) FILTER (WHERE c.relkind <> 'S'), 0) AS bytes,
            coalesce(sum(least(size.bytes, 30000 * current_setting('block_size')::bigint)) FILTER (WHERE c.relkind <> 'S'), 0) AS sampled
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_relation_size(c.oid) AS size (bytes)
      WHERE c.relkind IN ('r', 'm', 'S') AND c.relpersistence <> 't' AND n.nspname !~ '^(pg_|rds)' AND n.nspname NOT IN ('information_schema', 'viridian')`,
  );
  const [row] = rows;
  return {
    tables: Number(row?.tables),
    sequences: Number(row?.sequences),
    bytes: Number(row?.bytes),
    sampled: Number(row?.sampled),
  };
}

const addSizes = (sizes: ServerSize[]): ServerSize =>
  sizes.reduce(
    (sum, { tables, sequences, bytes, sampled }) => ({
      tables: sum.tables + tables,
      sequences: sum.sequences + sequences,
      bytes: sum.bytes + bytes,
      sampled: (sum.sampled ?? 0) + (sampled ?? 0),
    }),
    { tables: 0, sequences: 0, bytes: 0, sampled: 0 },
  );

/** Whoever has a logical slot that is neither the service's nor ours. */
async function readConsumers(session: Session): Promise<Consumer[]> {
  const { rows } = await session.query<Omit<Consumer, 'by'>>(
    `SELECT slot_name::text AS name, active, confirmed_flush_lsn::text AS confirmed FROM pg_replication_slots
      WHERE slot_type = 'logical' AND slot_name !~ '^rds' AND slot_name NOT LIKE '${slotPattern}' ORDER BY 1 LIMIT 20`,
  );
  return rows.map((row) => ({ by: 'slot', ...row }));
}

/** On a physical copy that is not promoted: up to where it has replayed the log of blue. */
async function readLog(session: Session): Promise<LogPlace | null> {
  const { rows } = await session.query<{ position: string | null }>(
    `SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END)::text AS position`,
  );
  const position = rows[0]?.position;
  return position ? { position, gtid: null } : null;
}

/** The streams that a server receives, but for that of a way back, which is watched on its own. */
async function readStream(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string; enabled: boolean; alive: boolean }>(
    `SELECT format('%s into %s', s.subname, d.datname) AS name, s.subenabled AS enabled,
            EXISTS (SELECT FROM pg_stat_subscription w WHERE w.subid = s.oid AND w.pid IS NOT NULL) AS alive
       FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE s.subname <> '${subscription}' ORDER BY 1`,
  );
  return rows.flatMap(({ name, enabled, alive }) => {
    if (!enabled) return [`the stream ${name} is disabled`];
    return alive ? [] : [`the stream ${name} has no worker: its server rejects a change, or is not reached`];
  });
}

interface Unready {
  count: number;
  names: string[];
}

/** Tables of a subscription in this database whose first copy is not done: neither synchronized nor streamed. */
async function readUnready(session: Session): Promise<Unready> {
  const { rows } = await session.query<Unready>(
    `SELECT count(*)::int AS count, coalesce((array_agg(t.srrelid::regclass::text ORDER BY t.srrelid))[1:3], '{}') AS names
       FROM pg_subscription_rel t JOIN pg_subscription s ON s.oid = t.srsubid
      WHERE s.subname <> '${subscription}' AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND t.srsubstate NOT IN ('r', 's')`,
  );
  return rows[0] ?? { count: 0, names: [] };
}

function sayUnready(database: string, { count, names }: Unready): string[] {
  if (count === 0) return [];
  const more = count > names.length ? `, and ${count - names.length} more` : '';
  return [`${count} tables of ${database} are still copied: ${names.join(', ')}${more}`];
}
