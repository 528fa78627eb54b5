import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { allDone } from './each.ts';
import { hook, type Stages } from './hook.ts';
import { listSetting, numberSetting, readAddress, readLogin, setting } from './settings.ts';

/** The admin interface of one ProxySQL. Statements are SQL of SQLite, given as text: it prepares none. */
async function withAdmin<T>(address: string, use: (admin: mysql.Connection) => Promise<T>): Promise<T> {
  const { user, password } = await readLogin(setting('PROXYSQL_SECRET'));
  try {
    const admin = await mysql.createConnection({
      ...readAddress(address),
      user,
      password,
      connectTimeout: 5_000,
    });
    try {
      return await use(admin);
    } finally {
      admin.destroy();
    }
  } catch (error) {
    throw new Error(`ProxySQL ${address}: ${(error as Error).message}`);
  }
}

/** The hostgroup of the writer. It is a number, so that nothing else gets into a statement. */
const hostgroup = () => Number(setting('PROXYSQL_HOSTGROUP'));

async function query<Row>(admin: mysql.Connection, text: string): Promise<Row[]> {
  const [rows] = await admin.query(text);
  return rows as Row[];
}

/** Changes the writer's hostgroup and reads back what ProxySQL works by. */
async function setStatus(admin: mysql.Connection, change: string, wanted: string): Promise<void> {
  await query(admin, `UPDATE mysql_servers SET ${change} WHERE hostgroup_id = ${hostgroup()}`);
  await query(admin, 'LOAD MYSQL SERVERS TO RUNTIME');
  const rows = await query<{ status: string }>(
    admin,
    `SELECT status FROM runtime_mysql_servers WHERE hostgroup_id = ${hostgroup()}`,
  );
  if (rows.length === 0) throw new Error(`has no server in hostgroup ${hostgroup()}`);
  const other = rows.find(({ status }) => status !== wanted);
  if (other) throw new Error(`hostgroup ${hostgroup()} is ${other.status} and not ${wanted}`);
}

/** With OFFLINE_SOFT a connection is kept to the end of its transaction, and none is given out again. */
function stop(address: string, until: number): Promise<void> {
  return withAdmin(address, async (admin) => {
    await setStatus(admin, "status = 'OFFLINE_SOFT'", 'OFFLINE_SOFT');
    for (;;) {
      const [row] = await query<{ used: number | string | null }>(
        admin,
        `SELECT SUM(ConnUsed) AS used FROM stats_mysql_connection_pool WHERE hostgroup = ${hostgroup()}`,
      );
      const used = Number(row?.used ?? 0);
      if (used === 0) return;
      if (Date.now() > until) throw new Error(`${used} connections are still in a transaction`);
      await sleep(50);
    }
  });
}

const resume = (address: string) =>
  withAdmin(address, (admin) => setStatus(admin, "status = 'ONLINE'", 'ONLINE'));

/** All are tried; the first failure counts. */
async function everywhere(act: (address: string) => Promise<void>): Promise<string> {
  const addresses = listSetting('PROXYSQL_ADDRESSES');
  await allDone(addresses.map(act));
  return `hostgroup ${hostgroup()} at ${addresses.length} ProxySQL`;
}

/** Clients wait in ProxySQL for as long as `mysql-connect_timeout_server_max` lets them, in milliseconds. */
function checkSettings(address: string): Promise<void> {
  return withAdmin(address, async (admin) => {
    const [row] = await query<{ variable_value: string }>(
      admin,
      "SELECT variable_value FROM runtime_global_variables WHERE variable_name = 'mysql-connect_timeout_server_max'",
    );
    if (Number(row?.variable_value ?? 0) < 120_000)
      throw new Error('mysql-connect_timeout_server_max is under 120000: clients that wait meet an error');
  });
}

/** Where one does not come to rest in time, all are put online again: the run stops, and the application must not stand. */
export const stages: Stages = {
  async testGreen() {
    return { because: `settings are right for a pause of ${await everywhere(checkSettings)}` };
  },
  async stopWrites() {
    const until = Date.now() + 1_000 * numberSetting('PAUSE_SECONDS', 20);
    try {
      const where = await everywhere((address) => stop(address, until));
      return { because: `took ${where} offline; no connection is in use` };
    } catch (error) {
      const undone = await everywhere(resume).then(
        () => 'everything is online again',
        (failure: Error) => `and is not online again: ${failure.message}`,
      );
      throw new Error(`${(error as Error).message}; ${undone}`);
    }
  },
  async resumeWrites() {
    return { because: `put ${await everywhere(resume)} online` };
  },
};

export const handler = hook(stages);
