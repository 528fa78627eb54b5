import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { allDone } from './each.ts';
import { type HookEvent, hook, type Stages } from './hook.ts';
import { listSetting, numberSetting, readAddress, readLogin, setting } from './settings.ts';

/** The admin console of one PgBouncer. It speaks the simple protocol only, so a statement has no parameters. */
type Console = pg.Client;

async function withConsole<T>(address: string, use: (console: Console) => Promise<T>): Promise<T> {
  const { user, password } = await readLogin(setting('PGBOUNCER_SECRET'));
  const ssl = process.env.PGBOUNCER_TLS === 'on';
  const to = { ...readAddress(address), database: 'pgbouncer', user, password, ssl };
  const client = new pg.Client({ ...to, connectionTimeoutMillis: 5_000 });
  // What breaks the connection is told by the statement that waits for it.
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw new Error(`PgBouncer ${address}: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => {});
  }
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

interface Pooled {
  name: string;
  host: string;
  paused: boolean;
}

async function readDatabase(console: Console, name: string): Promise<Pooled> {
  const { rows } = await console.query('SHOW DATABASES');
  const row = rows.find((one) => one.name === name);
  if (!row) throw new Error(`has no database "${name}" in its section [databases]`);
  return { name, host: row.host ?? '', paused: Number(row.paused) === 1 };
}

/** Connections to the server that the pools of a database have: as long as there is one, something of the application may write. */
async function countServers(console: Console, name: string): Promise<number> {
  const { rows } = await console.query('SHOW SERVERS');
  return rows.filter(({ database }) => database === name).length;
}

/**
 * Pauses a database and waits until its last connection to the server is closed. PgBouncer holds the answer back until then, so a second
 * connection looks, which also serves where an earlier call has paused and died.
 */
function pause(address: string, name: string, until: number): Promise<void> {
  return withConsole(address, async (looking) => {
    if ((await readDatabase(looking, name)).paused) return waitUntilIdle(looking, name, until);
    return withConsole(address, async (asking) => {
      // It fails when it is cut off, and then the look says more.
      asking.query(`PAUSE ${quote(name)}`).catch(() => {});
      await waitUntilIdle(looking, name, until);
    });
  });
}

async function waitUntilIdle(console: Console, name: string, until: number): Promise<void> {
  for (;;) {
    const { paused } = await readDatabase(console, name);
    const left = await countServers(console, name);
    if (paused && left === 0) return;
    if (Date.now() > until)
      throw new Error(
        paused
          ? `${left} connections of "${name}" are still in a transaction or a session; end them, and use pool_mode = transaction`
          : `does not pause "${name}"`,
      );
    await sleep(50);
  }
}

function resume(address: string, name: string, endpoint: string | undefined): Promise<void> {
  return withConsole(address, async (console) => {
    const { host, paused } = await readDatabase(console, name);
    if (!paused) return;
    if (endpoint) await forgetOldAddress(console, host, endpoint);
    await console.query(`RESUME ${quote(name)}`);
    if ((await readDatabase(console, name)).paused) throw new Error(`does not resume "${name}"`);
  });
}

/**
 * Waits until PgBouncer would ask for the address of the production name again, unless it knows the right one already. It tells whole seconds,
 * rounded down: an address is forgotten a second after it says 0.
 */
async function forgetOldAddress(console: Console, host: string, endpoint: string): Promise<void> {
  if (host === '' || host.startsWith('/') || isIP(host)) return;
  const serving = (await lookup(readAddress(endpoint).host, { all: true })).map(({ address }) => address);
  const until = Date.now() + 20_000;
  for (let since = Date.now(); ; ) {
    const { rows } = await console.query('SHOW DNS_HOSTS');
    const known = rows.find(({ hostname }) => hostname === host);
    const addresses = String(known?.addrs ?? '')
      .split(',')
      .map((one) => one.replace(/:\d+$/, ''));
    if (!known || addresses.some((one) => serving.includes(one))) return;
    if (Number(known.ttl) > 0) since = Date.now();
    else if (Date.now() - since > 1_100) return;
    if (Date.now() > until)
      throw new Error(`keeps the old address of ${host} for ${known.ttl} s more: lower dns_max_ttl`);
    await sleep(100);
  }
}

/** Settings that make a pause seen: each with the value from which on clients meet errors, or wait for long. */
async function checkSettings(address: string, name: string): Promise<void> {
  await withConsole(address, async (console) => {
    await readDatabase(console, name);
    const { rows } = await console.query('SHOW CONFIG');
    const value = (key: string) => Number(rows.find((row) => row.key === key)?.value ?? 0);
    const wrong = [
      ...(value('dns_max_ttl') > 5
        ? ['dns_max_ttl is over 5: writes wait until the old address is forgotten']
        : []),
      ...(value('server_login_retry') > 0
        ? ['server_login_retry is not 0: a client whose login the pause has cut off meets an error']
        : []),
      ...(value('query_wait_timeout') > 0 && value('query_wait_timeout') < 120
        ? ['query_wait_timeout is under 120: clients that wait are sent away']
        : []),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  });
}

/** Does one thing at every PgBouncer and for every database of it. All are tried; the first failure counts. */
async function everywhere(act: (address: string, name: string) => Promise<void>): Promise<string> {
  const [addresses, names] = [listSetting('PGBOUNCER_ADDRESSES'), listSetting('PGBOUNCER_DATABASES')];
  await allDone(addresses.flatMap((address) => names.map((name) => act(address, name))));
  return `${names.join(', ')} at ${addresses.length} PgBouncer`;
}

/** Where one does not pause in time, all are resumed again: the run stops, and the application must not stand. */
export const stages: Stages = {
  async testGreen() {
    return { because: `settings are right for a pause of ${await everywhere(checkSettings)}` };
  },
  async stopWrites() {
    const until = Date.now() + numberSetting('PAUSE_SECONDS', 20) * 1_000;
    try {
      const where = await everywhere((address, name) => pause(address, name, until));
      return { because: `paused ${where}; no connection to the server is left` };
    } catch (error) {
      const undone = await everywhere((address, name) => resume(address, name, undefined)).then(
        () => 'everything was resumed',
        (failure: Error) => `and was not resumed: ${failure.message}`,
      );
      throw new Error(`${(error as Error).message}; ${undone}`);
    }
  },
  async resumeWrites({ endpoint }: HookEvent) {
    const where = await everywhere((address, name) => resume(address, name, endpoint));
    return { because: `resumed ${where}` };
  },
};

export const handler = hook(stages);
