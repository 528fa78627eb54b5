import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Workspace } from '../../../packages/local-aws/postgres/server/workspace.ts';
import { isAlive } from '../../../packages/local-aws/servers/stale-runs.ts';

/** For what ends a moment later, on a busy machine as well. */
const patience = { timeout: 60_000 };

describe('a rehearsal that ends', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a rehearsal in a process of its own; gives its folder and the processes of its server and its writers. */
  async function startRun(): Promise<{ child: ChildProcess; folder: string; pids: number[] }> {
    const script = fileURLToPath(new URL('./run-until-killed.ts', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    const { folder, pids } = JSON.parse(line.toString()) as { folder: string; pids: number[] };
    folders.push(folder);
    return { child, folder, pids };
  }

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s leaves no process, and the next one deletes its folder',
    async (signal) => {
      const { child, folder, pids } = await startRun();
      expect(pids.map(isAlive)).toEqual([true, true]);
      child.kill(signal);
      await once(child, 'exit');
      await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), patience);
      const next = await Workspace.open();
      await next.dispose();
      expect(existsSync(next.folder)).toBe(false);
      // Another run on this machine may have been the one that found it, and be at it still.
      await vi.waitFor(() => expect(existsSync(folder)).toBe(false), patience);
    },
  );
});
