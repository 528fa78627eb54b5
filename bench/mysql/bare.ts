import { makePassword } from '../../functions/sql/password.ts';
import { type Connection, connectTo } from '../../packages/local-aws/mysql/connection.ts';
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
 * The same safety steps as plain SQL, on sessions that are open already where the functions keep theirs as well, and in a new one where RDS has ended
 * them: read_only and killing until none is left, prepared transactions looked for, a drain that is proved by position, logs kept, the boundary read from
 * the log by server id. Going back: every open account noted and locked, killing until none is left, a stranger who is refused under a password of that
 * moment, every AUTO_INCREMENT in the log, a drain by position, counters compared, a stream that stands and has brought everything; that the server is
 * closed is proved three times and the log behind the fence read twice, and exactly those accounts are unlocked.
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
    const session = await green.server.connect();
    const start = await secure(session, green.server.serverId, noted);
    session.end();
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
    await requireClosed(green);
    await refuseStranger(green);
    await equalizeCounters(green);
    await refuseWriters(green);
    const fencedAt = await positionOf(green);
    await green.sql.query('UPDATE viridian.fence SET position = ? WHERE id = 1', [String(fencedAt.offset)]);
    await waitFor(blue, fencedAt);
    await refuseWriters(green);
    await blue.sql.query('CALL mysql.rds_stop_replication()');
    await requireClosed(green);
    if (JSON.stringify(await readCounters(green)) !== JSON.stringify(await readCounters(blue)))
      throw new Error('counters differ');
    await requireUndisturbed(green, fencedAt);
    await pair.lead('blue');
    await setReadOnly(blue, false);
    await requireClosed(green);
    await refuseWriters(green);
    await requireUndisturbed(green, fencedAt);
    await requireWhole(blue, fencedAt);
    await forget(blue);
    await blue.sql.query(`ALTER USER ${accounts.join(', ')} ACCOUNT UNLOCK`);
    await blue.sql.query("DELETE FROM viridian.taken WHERE kind = 'account'");
    return realClock.now() - began;
  },
};

const eventsFrom = (sql: Connection, { file, offset }: Position) =>
  sql.query(`SHOW BINLOG EVENTS IN '${file}' FROM ${offset} LIMIT 100000`);

/** Has the log kept, and finds the first transaction that green wrote itself; the end of the log where there is none. */
async function secure(sql: Connection, serverId: number, noted: Position): Promise<string> {
  const end = await positionOf({ sql });
  const kept = await sql.query('CALL mysql.rds_show_configuration()');
  const hours = kept.find(({ name }) => name === 'binlog retention hours')?.value ?? 'none';
  await sql.query("INSERT IGNORE INTO viridian.taken VALUES ('retention', ?)", [`${serverId}=${hours}`]);
  await sql.query("CALL mysql.rds_set_configuration('binlog retention hours', 168)");
  const own = (await eventsFrom(sql, noted)).find(
    ({ Event_type, Server_id }) => Event_type === 'Gtid' && Number(Server_id) === serverId,
  );
  return `${noted.file}:${own ? Number(own.Pos) : end.offset}`;
}

async function requireClosed(green: Database): Promise<void> {
  if ((await openAccounts(green)).length > 0) throw new Error('green is open');
  await refuseEvents(green);
}

/** Both halves stand, and everything until the fence is applied. */
async function requireWhole({ sql }: Database, { file, offset }: Position): Promise<void> {
  const [row] = await sql.query('CALL mysql.rds_replica_status()');
  const stands = row?.Slave_IO_Running === 'No' && row?.Slave_SQL_Running === 'No';
  if (!stands || row?.Relay_Master_Log_File !== file || Number(row?.Exec_Master_Log_Pos) < offset)
    throw new Error('the stream has not brought everything');
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

/** Under a password that is good for this moment: who does not know it is refused for another reason. */
async function refuseStranger({ server, sql }: Database): Promise<void> {
  const setPassword = (password: string) =>
    sql.query(`ALTER USER 'viridian_probe'@'%' IDENTIFIED BY '${password}'`);
  const password = makePassword();
  await setPassword(password);
  const session = connectTo({ port: server.port, user: 'viridian_probe', password });
  const refused = await session.then(
    () => 0,
    ({ errno }) => errno,
  );
  await setPassword(makePassword());
  if (refused !== isLocked) throw new Error(`the stranger met ${refused}`);
}

/** Number of the error of MariaDB for an account that is locked. */
const isLocked = 4151;

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
  const changed = (await eventsFrom(green.sql, since)).filter(
    ({ Event_type, Info }) => Event_type === 'Table_map' && !/\((viridian|mysql)\./.test(String(Info)),
  );
  if (changed.length > 0) throw new Error('somebody wrote behind the fence');
}
