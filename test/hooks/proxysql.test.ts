import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import mysql from 'mysql2';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handler } from '../../docs/examples/hooks/proxysql.ts';
import { freePort } from '../../packages/local-aws/servers/free-port.ts';
import { eventAt } from './event.ts';

/** The server's side of a connection, which the driver's types leave out. */
interface Serving {
  sequenceId: number;
  on(event: 'error' | 'query', listener: (text: string) => void): void;
  serverHandshake(options: object): void;
  writeOk(ok: object): void;
  writeError(error: object): void;
  writeTextResult(rows: object[], columns: object[]): void;
}

const columnOf = (name: string) => ({
  ...{ catalog: 'def', schema: '', table: '', orgTable: '', name, orgName: name },
  ...{ characterSet: 33, columnLength: 255, columnType: 253, flags: 0, decimals: 0 },
});

/**
 * No package of Debian has ProxySQL, so this stands in for its admin interface: the wire is MySQL's, and statements count only from LOAD
 * on, as ProxySQL documents it. A statement that it does not know is an error.
 */
async function serveAdmin({ used = [0], waits = 120_000, obeys = true } = {}) {
  const state = { memory: 'ONLINE', runtime: 'ONLINE', left: [...used] };
  const answers: [RegExp, (value: string) => object[]][] = [
    [
      /^UPDATE mysql_servers SET status = '(\w+)' WHERE hostgroup_id = 10$/,
      (status) => {
        state.memory = status;
        return [];
      },
    ],
    [
      /^LOAD MYSQL SERVERS TO RUNTIME$/,
      () => {
        if (obeys) state.runtime = state.memory;
        return [];
      },
    ],
    [/^SELECT status FROM runtime_mysql_servers WHERE hostgroup_id = 10$/, () => [{ status: state.runtime }]],
    [
      /^SELECT SUM\(ConnUsed\) AS used FROM stats_mysql_connection_pool WHERE hostgroup = 10$/,
      () => [{ used: `${state.left.length > 1 ? state.left.shift() : state.left[0]}` }],
    ],
    [/mysql-connect_timeout_server_max/, () => [{ variable_value: `${waits}` }]],
  ];
  const server = mysql.createServer((socket) => {
    const connection = socket as unknown as Serving;
    connection.on('error', () => {});
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.11',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 33,
      capabilityFlags: 0xa20f,
      authCallback: (_: unknown, done: (error: null) => void) => {
        done(null);
        connection.sequenceId = 0;
      },
    });
    connection.on('query', (text) => {
      connection.sequenceId = 1;
      const [pattern, answer] = answers.find(([known]) => known.test(text)) ?? [];
      const rows = answer?.(pattern?.exec(text)?.[1] ?? '');
      const [first] = rows ?? [];
      if (!rows) connection.writeError({ code: 1045, message: `unknown: ${text}` });
      else if (!first) connection.writeOk({ affectedRows: 1 });
      else connection.writeTextResult(rows, Object.keys(first).map(columnOf));
      // The next command begins anew; the driver does not see to that where it is the server.
      connection.sequenceId = 0;
    });
  });
  const port = await freePort();
  server.listen(port);
  servers.push(server);
  vi.stubEnv('PROXYSQL_ADDRESSES', `127.0.0.1:${port}`);
  return state;
}

const servers: ReturnType<typeof mysql.createServer>[] = [];
const secrets = mockClient(SecretsManagerClient);
beforeEach(() => {
  secrets.on(GetSecretValueCommand).resolves({ SecretString: '{"username":"keeper","password":"secret"}' });
  vi.stubEnv('PROXYSQL_SECRET', 'proxy');
  vi.stubEnv('PROXYSQL_HOSTGROUP', '10');
  vi.stubEnv('PAUSE_SECONDS', '0.3');
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close(() => {});
});

it('takes the hostgroup offline until no connection is used, and puts it online, also when each is asked twice', async () => {
  const state = await serveAdmin({ used: [2, 1, 0] });
  for (let time = 0; time < 2; time += 1) {
    expect(await handler(eventAt('stopWrites'))).toMatchObject({ verdict: 'pass' });
    expect([state.runtime, state.left]).toEqual(['OFFLINE_SOFT', [0]]);
  }
  for (let time = 0; time < 2; time += 1) {
    expect(await handler(eventAt('resumeWrites'))).toMatchObject({ verdict: 'pass' });
    expect(state.runtime).toBe('ONLINE');
  }
});

it('says no and goes online again where a transaction does not end in time', async () => {
  const state = await serveAdmin({ used: [1] });
  expect(await handler(eventAt('stopWrites'))).toMatchObject({
    verdict: 'fail',
    because: expect.stringMatching(/1 connections are still in a transaction; everything is online again/),
  });
  expect(state.runtime).toBe('ONLINE');
});

it('believes what ProxySQL works by, and not what it was told', async () => {
  await serveAdmin({ obeys: false });
  expect(await handler(eventAt('stopWrites'))).toMatchObject({
    verdict: 'fail',
    because: expect.stringContaining('is ONLINE and not OFFLINE_SOFT'),
  });
});

it.each([
  [120_000, 'pass'],
  [10_000, 'fail'],
])('looks before the cut how long clients wait: %i ms', async (waits, verdict) => {
  await serveAdmin({ waits });
  expect(await handler(eventAt('testGreen'))).toMatchObject({ verdict });
});
