import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePassword } from '../../functions/sql/password.ts';
import { copyIn } from '../../functions/sql/postgres/copy-in.ts';
import { scramVerifier } from '../../functions/sql/postgres/scram.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { handOver } from '../../packages/local-aws/servers/account.ts';
import { makeCertificate } from './certificate.ts';
import { afterwards, openCutStage, secureWayBack, until } from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openCutStage();
  await secureWayBack(plane);
}, 120_000);
afterAll(() => plane.dispose());

const certificate = makeCertificate('localhost');

/** Lets one of our servers subscribe to what listens on a port, encrypted, as "attach" does where TLS is used. */
async function subscribe(by: string, port: number, password: string): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: plane.database(by).server.port,
    user: 'viridian',
    database: 'app',
    options: '-c default_transaction_read_only=off',
  });
  await client.connect();
  try {
    await client.query('BEGIN');
    await copyIn(client, 'viridian.handover', password);
    await client.query("SELECT viridian.subscribe('127.0.0.1', $1, true, 'viridian_way_back_app', 'run')", [
      port,
    ]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** A server that encrypts and then asks for the password in clear; what it is told after the name. */
async function listenAsImpostor(): Promise<{ port: number; told: () => string }> {
  const told: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...certificate });
      secure.on('error', () => {});
      secure.on('data', (chunk) => {
        told.push(chunk);
        // AuthenticationCleartextPassword.
        secure.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        setTimeout(() => secure.end(), 500);
      });
    });
  });
  afterwards(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    told: () => Buffer.concat(told).toString(),
  };
}

it.each([
  ['15', 'db-blue'],
  ['17', 'db-green'],
])('a server that asks for the password in clear gets nothing from PostgreSQL %s', async (_version, by) => {
  const impostor = await listenAsImpostor();
  const password = makePassword();
  const failure = await subscribe(by, impostor.port, password).catch((error: Error) => error.message);
  // It was spoken to, so that its question was asked.
  expect(impostor.told()).toContain('viridian_replication');
  expect(impostor.told()).not.toContain(password);
  expect(failure).toContain('channel binding');
});

it('a server that knows the password is followed, encrypted', async () => {
  const { server, sql } = plane.database('db-green');
  const folder = join(server.dataDirectory, 'tls');
  mkdirSync(folder);
  writeFileSync(join(folder, 'crt'), certificate.cert);
  writeFileSync(join(folder, 'key'), certificate.key, { mode: 0o600 });
  await handOver(folder);
  const file = join(server.dataDirectory, 'pg_hba.conf');
  writeFileSync(
    file,
    `hostssl all viridian_replication 127.0.0.1/32 scram-sha-256\n${readFileSync(file, 'utf8')}`,
  );
  for (const setting of ["ssl_cert_file = 'tls/crt'", "ssl_key_file = 'tls/key'", 'ssl = on']) {
    await sql.query(`ALTER SYSTEM SET ${setting}`);
  }
  await sql.query('SELECT pg_reload_conf()');
  await until(
    async () =>
      (await sql.query("SELECT FROM pg_settings WHERE name = 'ssl' AND setting = 'on'")).rowCount === 1,
  );
  const password = makePassword();
  await sql.query('SELECT viridian.set_replication_password($1)', [scramVerifier(password)]);
  await subscribe('db-blue', server.port, password);
  await until(
    async () =>
      (
        await sql.query(
          "SELECT FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'viridian_replication' AND s.ssl AND a.backend_type = 'walsender'",
        )
      ).rowCount === 1,
  );
});
