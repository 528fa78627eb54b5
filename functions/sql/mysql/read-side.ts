import type { Consumer, LogPlace, ServerSize } from '../../domain/hand-over/side-facts.ts';
import type { Answer, Input } from '../contract.ts';
import { splitPosition } from './log.ts';
import { foreignSchemas, serviceUsers, workingUsers } from './names.ts';
import { literals } from './quoting.ts';
import { readReplica } from './replica.ts';
import { isFrom, readOne, type Session, withSession } from './session.ts';
import { adviceOn } from './watch.ts';

/**
 * What one server says of itself while a deployment is there. Its binary log brings every change of schemas and accounts to green, so catalogs are not
 * compared. Changes nothing.
 */
export function readSide(input: Input<'read-side'>): Promise<Answer<'read-side'>> {
  return withSession(input, async (session) => ({
    consumers: await readConsumers(session),
    log: await readLog(session, input.at),
    catalogs: {},
    size: input.depth === 'server' ? null : await readSize(session),
    stream: await readStream(session),
  }));
}

/**
 * Whoever fetches the binary log. Servers that have registered as replicas are among them: the server forgets a registration together with the session
 * that fetches. One that is stopped just now is not known.
 */
async function readConsumers(session: Session): Promise<Consumer[]> {
  const rows = await session.query<{ user: string; host: string }>(
    `SELECT DISTINCT user, SUBSTRING_INDEX(host, ':', 1) AS host FROM information_schema.processlist
      WHERE command IN ('Binlog Dump', 'Binlog Dump GTID') AND user NOT IN (${literals([...serviceUsers, ...workingUsers])})
      ORDER BY 1, 2 LIMIT 20`,
  );
  return rows.map(({ user, host }) => ({
    name: `${user} at ${host}`,
    by: 'binlog',
    active: true,
    confirmed: null,
  }));
}

/** A set of GTIDs that is longer is told by nobody: it would fill the record. Characters. */
const longestSet = 1_000;

/** @param at a position of this server of which the GTID set is wanted, where its family can compute it; left out: where its log ends */
async function readLog(session: Session, at?: string): Promise<LogPlace | null> {
  const newWords = session.flavour === 'mysql' && isFrom(session, '8.2.0');
  const [row] = await session.query<{ File: string; Position: number }>(
    newWords ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS',
  );
  if (!row) return null;
  const position = at ?? `${row.File}:${row.Position}`;
  const gtid = await readGtid(session, at);
  return { position, gtid: gtid !== '' && gtid.length <= longestSet ? gtid : null };
}

/** MySQL knows only what it has executed up to now; MariaDB also what lay before any position. */
async function readGtid(session: Session, at: string | undefined): Promise<string> {
  if (session.flavour === 'mysql' && at !== undefined) return '';
  const asked =
    session.flavour === 'mysql'
      ? 'SELECT @@GLOBAL.gtid_executed AS gtid'
      : at === undefined
        ? 'SELECT @@GLOBAL.gtid_binlog_pos AS gtid'
        : 'SELECT BINLOG_GTID_POS(?, ?) AS gtid';
  const place = at === undefined ? undefined : splitPosition(at);
  const [row] = await session.query<{ gtid: string | null }>(asked, place && [place.file, place.offset]);
  return (row?.gtid ?? '').replaceAll(/\s/g, '');
}

/** As the server keeps it in its statistics: near enough for an estimate. */
async function readSize(session: Session): Promise<ServerSize> {
  const row = await readOne<{ tables: number; bytes: number | null }>(
    session,
    `SELECT COUNT(*) AS tables, SUM(data_length + index_length) AS bytes FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN (${literals(foreignSchemas)})`,
  );
  return { tables: Number(row.tables), sequences: 0, bytes: Number(row.bytes ?? 0), sampled: null };
}

async function readStream(session: Session): Promise<string[]> {
  const replica = await readReplica(session);
  if (!replica) return [];
  const { fetching, applying, fetchError, applyError } = replica;
  const halves = [
    ['fetches no log', fetching, fetchError],
    ['applies nothing', applying, applyError],
  ] as const;
  return halves.flatMap(([what, state, error]) =>
    state === 'Yes' ? [] : [`replication from ${replica.host} ${what}${error ? `: ${adviceOn(error)}` : ''}`],
  );
}
