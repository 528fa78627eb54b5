import { closeSync, openSync, writeFileSync } from 'node:fs';
import { connect as connectTo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Stage } from '../../docs/examples/hooks/hook.ts';
import { handler } from '../../docs/examples/hooks/pgbouncer.ts';
import { ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import { Workspace } from '../../packages/local-aws/postgres/server/workspace.ts';
import { freePort } from '../../packages/local-aws/servers/free-port.ts';
import { ended, launch } from '../../packages/local-aws/servers/launch.ts';
import { startNameServer } from './name-server.ts';
import { findPgBouncer } from './pooler.ts';

const program = await findPgBouncer();

describe.skipIf(!program)('the hook of PgBouncer, with a real one before two real servers', () => {
  let workspace: Workspace;
  let bouncer: ReturnType<typeof launch>;
  let port: number;
  let sides: { blue: ReturnType<typeof ownerConnection>; green: ReturnType<typeof ownerConnection> };
  let toGreen: Server;
  /** By which the pooler resolves the name of production. */
  let names: Awaited<ReturnType<typeof startNameServer>>;
  const secrets = mockClient(SecretsManagerClient);
  const clients: pg.Client[] = [];

  beforeAll(async () => {
    workspace = await Workspace.open();
    const [blue, green] = await Promise.all([
      workspace.startServer('blue', 16),
      workspace.startServer('green', 17),
    ]);
    sides = { blue: ownerConnection(blue, 'postgres'), green: ownerConnection(green, 'postgres') };
    // Production is a name and one port: green is behind another address of this machine.
    toGreen = createServer((socket) => {
      const onward = connectTo(green.port, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const)
        one
          .on('error', () => {})
          .on('close', () => other.destroy())
          .pipe(other);
    });
    await new Promise<void>((ready) => toGreen.listen(blue.port, '127.0.0.2', ready));
    port = await freePort();
    const [settings, users, log, resolver] = ['ini', 'users', 'log', 'resolv.conf'].map((name) =>
      join(workspace.folder, `pgbouncer.${name}`),
    ) as [string, string, string, string];
    names = await startNameServer('127.0.0.1', 1);
    writeFileSync(resolver, `nameserver 127.0.0.1:${names.port}\n`);
    writeFileSync(users, `"keeper" "secret"\n"${sides.blue.user}" "of no use"\n`);
    writeFileSync(
      settings,
      `[databases]
shop = host=production.example port=${blue.port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
admin_users = keeper
pool_mode = transaction
dns_max_ttl = 2
server_login_retry = 0
resolv_conf = ${resolver}
`,
    );
    const out = openSync(log, 'a');
    bouncer = launch(program as string, [settings], out);
    closeSync(out);
    secrets.on(GetSecretValueCommand).resolves({ SecretString: '{"username":"keeper","password":"secret"}' });
    vi.stubEnv('PGBOUNCER_ADDRESSES', `127.0.0.1:${port}`);
    vi.stubEnv('PGBOUNCER_DATABASES', 'shop');
    vi.stubEnv('PGBOUNCER_SECRET', 'pooler');
    vi.stubEnv('PAUSE_SECONDS', '1');
    for (const side of ['blue', 'green'] as const)
      await (await connect(sides[side])).query('CREATE TABLE written (number int PRIMARY KEY)');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    secrets.restore();
    for (const client of clients) await client.end().catch(() => {});
    bouncer?.kill('SIGQUIT');
    if (bouncer) await ended(bouncer);
    toGreen?.close();
    names?.close();
    await workspace?.dispose();
  });

  /** A client of the pooler, or of a server itself. */
  async function connect(to?: pg.ClientConfig): Promise<pg.Client> {
    for (let tries = 0; ; tries += 1) {
      const client = new pg.Client(
        to ?? { host: '127.0.0.1', port, user: sides.blue.user, password: 'of no use', database: 'shop' },
      );
      client.on('error', () => {});
      try {
        await client.connect();
        clients.push(client);
        return client;
      } catch (error) {
        if (tries > 100) throw error;
        await pause(50);
      }
    }
  }

  const adminConsole = () => ({
    host: '127.0.0.1',
    port,
    user: 'keeper',
    password: 'secret',
    database: 'pgbouncer',
  });

  const call = (stage: Stage, endpoint = '127.0.0.1:5432') =>
    handler({
      stage,
      database: 'shop',
      endpoint,
      deployment: { database: { engine: 'postgres' }, blue: { endpoint } },
      executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:run',
    });

  it('holds a writer between two transactions, and lets it go on where the name leads, with no error', async () => {
    const [client, blue, green] = [await connect(), await connect(sides.blue), await connect(sides.green)];
    const count = async (side: pg.Client) =>
      Number((await side.query('SELECT count(*) FROM written')).rows[0].count);
    let stop = false;
    const writer = (async () => {
      for (let number = 1; ; number += 1) {
        await client.query('INSERT INTO written VALUES ($1)', [number]);
        if (stop) return number;
      }
    })();
    await expect.poll(() => count(blue)).toBeGreaterThan(0);
    expect(await call('stopWrites')).toMatchObject({ verdict: 'pass' });
    const held = await count(blue);
    expect(await call('stopWrites')).toMatchObject({ verdict: 'pass' });
    await pause(100);
    expect(await count(blue)).toBe(held);
    // The pooler still knows the address of blue for up to two seconds.
    names.lead('127.0.0.2');
    expect(await call('resumeWrites', '127.0.0.2:5432')).toMatchObject({ verdict: 'pass' });
    expect(await call('resumeWrites', '127.0.0.2:5432')).toMatchObject({ verdict: 'pass' });
    await expect.poll(() => count(green)).toBeGreaterThan(0);
    stop = true;
    const last = await writer;
    expect([await count(blue), await count(green)]).toEqual([held, last - held]);
  });

  it('says no and resumes where a transaction does not end in time', async () => {
    const [idle, other] = [await connect(), await connect()];
    await idle.query('BEGIN');
    await idle.query('SELECT 1');
    expect(await call('stopWrites')).toMatchObject({
      verdict: 'fail',
      because: expect.stringMatching(
        /1 connections of "shop" are still in a transaction.*everything was resumed/,
      ),
    });
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await idle.query('COMMIT');
  });

  it('takes up a pause that an earlier call has left behind', async () => {
    const idle = await connect();
    await idle.query('BEGIN');
    await idle.query('SELECT 1');
    const admin = await connect(adminConsole());
    admin.query('PAUSE shop').catch(() => {});
    await pause(100);
    await admin.end();
    const stopped = call('stopWrites');
    await idle.query('COMMIT');
    expect(await stopped).toMatchObject({ verdict: 'pass' });
    expect(await call('resumeWrites')).toMatchObject({ verdict: 'pass' });
  });

  it('looks before the cut for settings by which clients would see the pause', async () => {
    expect(await call('testGreen')).toMatchObject({ verdict: 'pass' });
    const admin = await connect(adminConsole());
    await admin.query('SET dns_max_ttl = 15');
    expect(await call('testGreen')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('dns_max_ttl is over 5'),
    });
    await admin.query('SET dns_max_ttl = 2');
    expect(await call('verifyProduction')).toMatchObject({
      verdict: 'pass',
      because: 'nothing to do at verifyProduction',
    });
  });

  it('says no for a database or a pooler that is not there', async () => {
    vi.stubEnv('PGBOUNCER_DATABASES', 'shop,other');
    expect(await call('stopWrites')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('no database "other"'),
    });
    vi.stubEnv('PGBOUNCER_DATABASES', 'shop');
    vi.stubEnv('PGBOUNCER_ADDRESSES', `127.0.0.1:${port},127.0.0.1:${await freePort()}`);
    expect(await call('stopWrites')).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('ECONNREFUSED'),
    });
    expect((await (await connect()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
