import { connectTo } from '../../packages/local-aws/mysql/connection.ts';
import type { Database } from '../../packages/local-aws/mysql/database.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import { databases } from './pair.ts';
import type { Sequence } from './sequence.ts';
import {
  endClients,
  forget,
  type Position,
  positionOf,
  refuseWriters,
  setReadOnly,
  waitFor,
} from './steps.ts';

const mine = `'viridian', 'viridian_replication', 'rdsadmin', 'mariadb.sys'`;

/**
 * The same safety steps as plain SQL, on sessions that are open already: read_only and killing until none is left, prepared transactions looked for,
 * a drain that is proved by position, the boundary read from the log by server id. Going back: every open account noted and locked, killing until none
 * is left, a stranger who is refused, every AUTO_INCREMENT in the log, a drain by position, counters compared, the log read behind the fence twice, and
 * exactly those accounts unlocked.
 */
export const bare: Sequence = {
  name: 'bare SQL, same safety steps',
  async cut(pair) {
    const { blue, green } = pair;
    const noted = await positionOf(green);
    const began = realClock.now();
    await pair.cutOff();
    await setReadOnly(blue, true);
    await endClients(blue);
    await refuseWriters(blue);
    await waitFor(green, await positionOf(blue));
    await forget(green);
    await setReadOnly(green, false);
    await pair.lead(pair.greenId);
    const cutMs = realClock.now() - began;
    const start = await findBoundary(green, noted, await positionOf(green));
    const securedMs = realClock.now() - began;
    const [database = ''] = databases;
    const secured = [
      { database, slot: noted.file, asked: '', start, origin: blue.server.serverId, early: false },
    ];
    return { cutMs, securedMs, secured };
  },
  async back(pair) {
    const { blue, green } = pair;
    const began = realClock.now();
    const accounts = await lockAccounts(green);
    await endClients(green);
    await refuseStranger(green);
    await equalizeCounters(green);
    await refuseWriters(green);
    const fencedAt = await positionOf(green);
    await green.sql.query('UPDATE viridian.fence SET position = ? WHERE id = 1', [String(fencedAt.offset)]);
    await waitFor(blue, fencedAt);
    await refuseWriters(green);
    await blue.sql.query('CALL mysql.rds_stop_replication()');
    if (JSON.stringify(await readCounters(green)) !== JSON.stringify(await readCounters(blue)))
      throw new Error('counters differ');
    await requireUndisturbed(green, fencedAt);
    await pair.lead('blue');
    await setReadOnly(blue, false);
    if ((await openAccounts(green)).length > 0) throw new Error('green is open');
    await refuseWriters(green);
    await requireUndisturbed(green, fencedAt);
    await forget(blue);
    await blue.sql.query(`ALTER USER ${accounts.join(', ')} ACCOUNT UNLOCK`);
    await blue.sql.query("DELETE FROM viridian.taken WHERE kind = 'account'");
    return realClock.now() - began;
  },
};

async function eventsFrom({ sql }: Database, { file, offset }: Position) {
  return sql.query(`SHOW BINLOG EVENTS IN '${file}' FROM ${offset} LIMIT 100000`);
}

/** The first transaction that green wrote itself; the end of the log where there is none. */
async function findBoundary(green: Database, noted: Position, end: Position): Promise<string> {
  const events = await eventsFrom(green, noted);
  const own = events.find(
    ({ Event_type, Server_id }) => Event_type === 'Gtid' && Number(Server_id) === green.server.serverId,
  );
  return `${noted.file}:${own ? Number(own.Pos) : end.offset}`;
}

async function openAccounts({ sql }: Database): Promise<string[]> {
  const rows = await sql.query(
    `SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) AS name FROM mysql.global_priv
      WHERE COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) NOT IN ('1', 'true') AND user NOT IN (${mine})`,
  );
  return rows.map(({ name }) => String(name));
}

async function lockAccounts(green: Database): Promise<string[]> {
  await refuseEvents(green);
  const accounts = await openAccounts(green);
  for (const name of accounts)
    await green.sql.query("INSERT IGNORE INTO viridian.taken VALUES ('account', ?)", [name]);
  await green.sql.query(`ALTER USER ${accounts.join(', ')} ACCOUNT LOCK`);
  return accounts;
}

async function refuseEvents({ sql }: Database): Promise<void> {
  const [row] = await sql.query(
    "SELECT COUNT(*) AS running FROM information_schema.events WHERE status = 'ENABLED' AND @@GLOBAL.event_scheduler = 'ON'",
  );
  if (Number(row?.running) > 0) throw new Error('an event runs');
}

async function refuseStranger({ server }: Database): Promise<void> {
  const session = await connectTo({ port: server.port, user: 'viridian_probe' }).catch(() => undefined);
  session?.end();
  if (session) throw new Error('a stranger may sign in');
}

async function readCounters({ sql }: Database): Promise<string[][]> {
  const rows = await sql.query(
    `SELECT CONCAT('\`', table_schema, '\`.\`', table_name, '\`') AS name, CAST(auto_increment AS CHAR) AS next
       FROM information_schema.tables WHERE auto_increment IS NOT NULL AND table_schema IN (?) ORDER BY 1`,
    [databases],
  );
  return rows.map(({ name, next }) => [String(name), String(next)]);
}

async function equalizeCounters(green: Database): Promise<void> {
  for (const [name, next] of await readCounters(green))
    await green.sql.query(`ALTER TABLE ${name} AUTO_INCREMENT = ${next}`);
}

async function requireUndisturbed(green: Database, since: Position): Promise<void> {
  const changed = (await eventsFrom(green, since)).filter(
    ({ Event_type, Info }) => Event_type === 'Table_map' && !/\((viridian|mysql)\./.test(String(Info)),
  );
  if (changed.length > 0) throw new Error('somebody wrote behind the fence');
}
