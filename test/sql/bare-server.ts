import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Place } from '../../functions/sql/contract.ts';
import { initialize, OWNER } from '../../packages/local-aws/postgres/server/server.ts';
import type { Workspace } from '../../packages/local-aws/postgres/server/workspace.ts';
import { freePort } from '../../packages/local-aws/servers/free-port.ts';
import { ended, isRunning, launch } from '../../packages/local-aws/servers/launch.ts';

/** A server with settings of its own, and nothing in it; its data lie in the folder of the workspace. */
export async function openBareServer(workspace: Workspace, settings: Record<string, string | number>) {
  const binaries = await workspace.binaries(15);
  const folder = await initialize(binaries, join(workspace.folder, 'bare'));
  const port = await freePort();
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, ...settings };
  const log = openSync(`${folder}.log`, 'a');
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = launch(binaries.postgres, ['-D', folder, ...options], log);
  closeSync(log);
  const place: Place = { resourceId: 'db-bare', host: '127.0.0.1', port, is: null };
  return {
    place,
    async query(text: string): Promise<void> {
      while (isRunning(child)) {
        const client = new pg.Client({ host: place.host, port, user: OWNER, database: 'postgres' });
        client.on('error', () => {});
        const open = await client.connect().then(
          () => true,
          () => false,
        );
        if (open) {
          await client.query(text);
          return client.end();
        }
        await pause(50);
      }
    },
    async stop(): Promise<void> {
      child.kill('SIGINT');
      await ended(child);
    },
  };
}
