import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerConnection, withSession } from '../../postgres/database.ts';
import { Workspace } from '../../postgres/server/workspace.ts';
import { isAlive, reapStaleRuns, runningServer, STATE_FILE } from '../../servers/stale-runs.ts';

const ask = (server: Parameters<typeof ownerConnection>[0], sql: string) =>
  withSession(ownerConnection(server, 'postgres'), async (client) => (await client.query(sql)).rows[0]);

describe('a server', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.open();
  });
  afterAll(() => workspace.dispose());

  it('listens on loopback only, has no socket file and can be published from', async () => {
    const server = await workspace.startServer('one', 16);
    const settings = await ask(
      server,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
              current_setting('wal_level') AS wal, current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding`,
    );
    expect(settings).toEqual({
      listen: '127.0.0.1',
      sockets: '',
      wal: 'logical',
      fsync: 'on',
      encoding: 'UTF8',
    });
    expect(runningServer(server.dataDirectory)).toBe(server.pid);
    await workspace.remove(server);
    expect(existsSync(server.dataDirectory)).toBe(false);
  });

  it('keeps its data and its port through a restart', async () => {
    const server = await workspace.startServer('two', 16);
    const { port, pid } = server;
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS seven');
    await server.stop();
    expect(isAlive(pid ?? 0)).toBe(false);
    await server.start();
    expect(server.port).toBe(port);
    expect(await ask(server, 'SELECT seven FROM kept')).toEqual({ seven: 7 });
  });

  it('takes another port when somebody has taken its own in between', async () => {
    const server = await workspace.startServer('three', 16);
    await server.stop();
    const other = createServer().listen(server.port, '127.0.0.1');
    await once(other, 'listening');
    const taken = server.port;
    await server.start();
    other.close();
    expect(server.port).not.toBe(taken);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('that is still starting when its run ends is stopped as well', async () => {
    const short = await Workspace.open();
    const starting = short.startServer('late', 16);
    await short.dispose();
    expect((await starting).pid).toBeUndefined();
    expect(existsSync(short.folder)).toBe(false);
    await expect(short.startServer('later', 16)).rejects.toThrow('has ended');
  });

  it('that cannot start says why', async () => {
    const server = await workspace.startServer('four', 16);
    await server.stop();
    writeFileSync(join(server.dataDirectory, 'postgresql.auto.conf'), "shared_buffers = 'nonsense'\n");
    await expect(server.start()).rejects.toThrow(/\(four\) did not start: .*nonsense/s);
  });
});

describe('cleaning up after dead runs', () => {
  it('leaves alone what lives, what is to be kept and what is not ours', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'reap-test-'));
    const make = (name: string, state?: object) => {
      mkdirSync(join(parent, name));
      if (state) writeFileSync(join(parent, name, STATE_FILE), JSON.stringify(state));
    };
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    make('run-dead', { pid: dead.pid, keep: false });
    make('run-kept', { pid: dead.pid, keep: true });
    make('run-alive', { pid: process.pid, keep: false });
    make('run-being-made');
    make('run-half-deleted');
    utimesSync(join(parent, 'run-half-deleted'), 0, 0);
    make('other', { pid: dead.pid, keep: false });
    expect((await reapStaleRuns(parent, 'run-')).sort()).toEqual([
      join(parent, 'run-dead'),
      join(parent, 'run-half-deleted'),
    ]);
    expect(readdirSync(parent).sort()).toEqual(['other', 'run-alive', 'run-being-made', 'run-kept']);
    rmSync(parent, { recursive: true });
  });

  it('ends a server that has outlived its run, before its data directory goes', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'reap-test-'));
    chmodSync(parent, 0o711);
    const workspace = await Workspace.open({ parent });
    const server = await workspace.startServer('left', 16);
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    writeFileSync(join(workspace.folder, STATE_FILE), JSON.stringify({ pid: dead.pid, keep: false }));
    const other = await Workspace.open({ parent });
    expect(isAlive(server.pid ?? 0)).toBe(false);
    expect(readdirSync(parent)).toEqual([other.folder.slice(parent.length + 1)]);
    await other.dispose();
    await workspace.dispose();
    rmSync(parent, { recursive: true });
  });
});
