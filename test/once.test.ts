import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { once } from './once.ts';

let shared: string;
beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), 'viridian-once-'));
  vi.stubEnv('VIRIDIAN_TESTS_SHARED', shared);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(shared, { recursive: true, force: true });
});

it('fills a folder once, and nobody sees it half filled', async () => {
  let filled = 0;
  const ask = () =>
    once('slow', async (folder) => {
      filled += 1;
      writeFileSync(join(folder, 'first'), '');
      await pause(150);
      writeFileSync(join(folder, 'last'), '');
    });
  const folders = await Promise.all(
    [ask(), ask(), ask()].map(async (asked) => {
      const folder = await asked;
      return existsSync(join(folder, 'last')) && folder;
    }),
  );
  expect(folders).toEqual(Array(3).fill(join(shared, 'slow')));
  expect(filled).toBe(1);
});

it('is tried again by the next who asks where it failed', async () => {
  await expect(once('broken', () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  const folder = await once('broken', async (empty) => writeFileSync(join(empty, 'whole'), ''));
  expect(existsSync(join(folder, 'whole'))).toBe(true);
});
