import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ownerConnection, withSession } from '../../postgres/database.ts';
import { Workspace } from '../../postgres/server/workspace.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viridian-kept-'));
  chmodSync(folder, 0o711);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `initdb` gives to a data directory, and copies have in common. */
async function identify(): Promise<string> {
  const workspace = await Workspace.open();
  try {
    const server = await workspace.startServer('one', 17);
    const { rows } = await withSession(ownerConnection(server, 'postgres'), (session) =>
      session.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()'),
    );
    return rows[0]?.id ?? '';
  } finally {
    await workspace.dispose();
  }
}

it('keeps one empty data directory for all who start a server, also for two at once', async () => {
  vi.stubEnv('VIRIDIAN_DATA_DIRECTORIES', folder);
  await Promise.all([identify(), identify()]);
  const later = [await identify(), await identify()];
  expect(new Set(later).size).toBe(1);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^postgresql-17\./)]);
});

it('makes a new one for each workspace where no folder is named', async () => {
  vi.stubEnv('VIRIDIAN_DATA_DIRECTORIES', '');
  expect(await identify()).not.toBe(await identify());
});
