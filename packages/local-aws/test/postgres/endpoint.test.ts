import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { foreignSessions } from '../../postgres/fence.ts';
import { PausingEndpoint } from '../../postgres/proxy/pausing-endpoint.ts';
import { SYNC } from '../../postgres/proxy/wire.ts';
import { lateAfter } from '../../real-clock.ts';
import { Endpoint } from '../../servers/endpoints/endpoint.ts';
import { clientAt, codeOf, majorBehind } from './plane.ts';

let plane: PostgresDataPlane;
let old: { port: number };
let young: { port: number };
beforeAll(async () => {
  plane = await PostgresDataPlane.open();
  await Promise.all([plane.createDatabase('old', '15.8'), plane.createDatabase('young', '17.4')]);
  old = plane.database('old').server;
  young = plane.database('young').server;
});
afterAll(() => plane.dispose());

async function opened<E extends Endpoint>(endpoint: Promise<E>): Promise<E> {
  const open = await endpoint;
  onTestFinished(() => open.close());
  open.point(old);
  return open;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

/** A message with its length before it, which counts itself. */
function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([length, body]);
}

const never = () => false;
const nobody = () => false;

describe('an endpoint as RDS has it', () => {
  it('keeps its port, cuts what is open, refuses while it leads nowhere, and then leads elsewhere', async () => {
    const endpoint = await opened(Endpoint.open());
    const client = await clientAt(endpoint.port);
    expect(await majorBehind(client)).toBe(15);
    const running = codeOf(client.query('SELECT pg_sleep(30)'));
    await sleep(50);
    endpoint.point(undefined);
    expect(['ECONNRESET', 'Connection terminated unexpectedly']).toContain(await running);
    expect(await codeOf(clientAt(endpoint.port))).toBe('ECONNRESET');
    endpoint.point(young);
    expect(await majorBehind(await clientAt(endpoint.port))).toBe(17);
    // A server sleeps on for a client that is gone, and that is a session to others.
    const waitingRuns =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'";
    await plane.database('old').sql.query(waitingRuns);
  });
});

describe('an endpoint that pauses', () => {
  /** Moves everybody to the other server, as the cut does. */
  async function switchTo(endpoint: PausingEndpoint, target: { port: number }): Promise<void> {
    endpoint.holdArrivals();
    await endpoint.warm(target, nobody);
    await endpoint.pause(never);
    endpoint.move(target);
  }

  it('answers a session from the other server without the client noticing', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    expect(await majorBehind(client)).toBe(15);
    endpoint.holdArrivals();
    await endpoint.warm(young, nobody);
    await endpoint.pause(never);
    const answer = majorBehind(client);
    const arrival = clientAt(endpoint.port).then(majorBehind);
    expect(await Promise.race([answer, arrival, sleep(100, 'held')])).toBe('held');
    endpoint.move(young);
    expect(await Promise.all([answer, arrival])).toEqual([17, 17]);
  });

  it('waits for an open transaction and lets its client finish it', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    await client.query('BEGIN');
    const paused = endpoint.pause(never).then(() => 'paused');
    expect(await Promise.race([paused, sleep(100, 'waiting')])).toBe('waiting');
    expect(await majorBehind(client)).toBe(15);
    await client.query('COMMIT');
    expect(await paused).toBe('paused');
    endpoint.resume();
    expect(await majorBehind(client)).toBe(15);
  });

  it('gives up when the time is up, and everybody goes on as before', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const [busy, idle] = [await clientAt(endpoint.port), await clientAt(endpoint.port)];
    await busy.query('BEGIN');
    await endpoint.warm(young, nobody);
    const pause = endpoint.pause(lateAfter(200));
    const held = majorBehind(idle);
    await expect(pause).rejects.toThrow(/1 sessions stayed inside a transaction/);
    endpoint.resume();
    expect(await held).toBe(15);
    expect((await busy.query('COMMIT')).command).toBe('COMMIT');
  });

  it('makes prepared statements again on the other server', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    const named = {
      name: 'major',
      text: "SELECT current_setting('server_version_num')::int / 10000 + $1 AS n",
    };
    const ask = async () => (await client.query({ ...named, values: [100] })).rows[0].n;
    expect(await ask()).toBe(115);
    await switchTo(endpoint, young);
    expect(await ask()).toBe(117);
  });

  it('waits for a client between the two commits of a two-phase one, and moves it then', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    await client.query('BEGIN');
    await client.query("PREPARE TRANSACTION 'half'");
    await endpoint.warm(young, nobody);
    await expect(endpoint.pause(lateAfter(200))).rejects.toThrow(/1 sessions stayed inside a transaction/);
    endpoint.resume();
    await client.query("COMMIT PREPARED 'half'");
    await switchTo(endpoint, young);
    expect(await majorBehind(client)).toBe(17);
  });

  it.each([
    ['a setting', "SET application_name = 'mine'"],
    ['a temporary table', 'CREATE TEMP TABLE t (i int)'],
    ['a channel it listens to', 'LISTEN news'],
  ])('resets a session that holds %s instead of losing it silently', async (_what, sql) => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    await client.query(sql);
    await switchTo(endpoint, young);
    expect(await codeOf(client.query('SELECT 1'))).not.toBe('none');
    expect(await majorBehind(await clientAt(endpoint.port))).toBe(17);
  });

  it('keeps no session on any server while it is parked, and goes on where it is led then', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    const named = { name: 'one', text: 'SELECT 1 AS one' };
    await client.query(named);
    await endpoint.park(never);
    await endpoint.park(never);
    await until(async () => (await foreignSessions(plane.database('old'))).length === 0);
    const answers = [majorBehind(client), clientAt(endpoint.port).then(majorBehind)];
    expect(await Promise.race([...answers, sleep(100, 'held')])).toBe('held');
    await endpoint.unpark(young);
    expect(await Promise.all(answers)).toEqual([17, 17]);
    expect((await client.query(named)).rows).toEqual([{ one: 1 }]);
    await endpoint.unpark(young);
    expect(await majorBehind(client)).toBe(17);
  });

  it('parks nobody when a session stays inside a transaction', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const [busy, idle] = [await clientAt(endpoint.port), await clientAt(endpoint.port)];
    await busy.query('BEGIN');
    await expect(endpoint.park(lateAfter(100))).rejects.toThrow(/1 sessions stayed inside a transaction/);
    expect(await majorBehind(idle)).toBe(15);
    expect((await busy.query('COMMIT')).command).toBe('COMMIT');
  });

  it('waits for nobody whom the server has cut off, although the client still had something to say', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = connect({ port: endpoint.port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void client.destroy());
    const [protocol, user] = [Buffer.from([0, 3, 0, 0]), Buffer.from('user\0app\0database\0app\0\0')];
    client.write(framed(Buffer.concat([protocol, user])));
    await once(client, 'data');
    client.resume();
    client.write(Buffer.concat([Buffer.from('Q'), framed(Buffer.from('SELECT pg_sleep(60)\0'))]));
    const cutOff = once(client, 'end');
    const asleep =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'";
    await until(async () => ((await plane.database('old').sql.query(asleep)).rowCount ?? 0) > 0);
    await cutOff;
    const farewell = Buffer.concat([Buffer.from('X'), framed(Buffer.alloc(0))]);
    client.write(SYNC, () => setTimeout(() => client.end(farewell), 50));
    await endpoint.park(never);
  });

  it('cancels a query of a session that has moved', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    await switchTo(endpoint, young);
    const code = codeOf(client.query('SELECT pg_sleep(30)'));
    // A server forgets a cancellation that comes before the query.
    const asleep =
      "SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND wait_event = 'PgSleep'";
    await until(async () => (await plane.database('young').sql.query(asleep)).rowCount === 1);
    cancel(client, endpoint.port);
    expect(await code).toBe('57014');
  });

  it('passes large answers on whole', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const client = await clientAt(endpoint.port);
    const { rows } = await client.query("SELECT repeat('x', 1000) AS x FROM generate_series(1, 20000)");
    expect(rows.length).toBe(20_000);
  });

  it('carries a replication stream, and cuts it in a pause so that it is never held back', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    const [publisher, subscriber] = [plane.database('old').sql, plane.database('young').sql];
    await publisher.query('CREATE TABLE news (id int PRIMARY KEY); CREATE PUBLICATION news FOR TABLE news');
    await subscriber.query('CREATE TABLE news (id int PRIMARY KEY)');
    const source = `host=127.0.0.1 port=${endpoint.port} user=postgres dbname=app`;
    await subscriber.query(`CREATE SUBSCRIPTION news CONNECTION '${source}' PUBLICATION news`);
    const arrived = async (id: number) =>
      (await subscriber.query('SELECT FROM news WHERE id = $1', [id])).rowCount === 1;
    await publisher.query('INSERT INTO news VALUES (1)');
    while (!(await arrived(1)));
    await endpoint.pause(never);
    endpoint.resume();
    await publisher.query('INSERT INTO news VALUES (2)');
    while (!(await arrived(2)));
    await subscriber.query('DROP SUBSCRIPTION news');
  });

  it('tells a client what the server has refused', async () => {
    const endpoint = await opened(PausingEndpoint.open());
    expect(await codeOf(clientAt(endpoint.port, 'nobody_known'))).toBe('28000');
  });
});

/** Sends what a driver sends to cancel: the key that the session was given when it began. */
function cancel(client: pg.Client, port: number): void {
  const { processID, secretKey } = client as pg.Client & { processID: number; secretKey: number };
  const request = Buffer.alloc(16);
  [16, 80877102, processID, secretKey].forEach((number, index) => {
    request.writeInt32BE(number, index * 4);
  });
  connect(port, '127.0.0.1').end(request);
}
