import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { fewWriters, processesIn, type Started, start } from './command.ts';

const minutes = 60_000;
const unused = join(tmpdir(), 'viridian-unused');
const small = ['--yes', '--rows', '100', ...fewWriters, '--report', unused];
afterAll(() => rm(unused, { recursive: true, force: true }));

/** Waits until the output says it, or the command has ended. */
async function outputHas(run: Started, text: string): Promise<void> {
  while (!run.output().includes(text) && run.child.exitCode === null) await pause(20);
}

async function nothingLeft(run: Started): Promise<void> {
  const left = () => processesIn(run.temporary);
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: minutes });
}

it.each(['PostgreSQL 15', 'Wait for green', 'Wait for switchover', 'Bake'])(
  'Ctrl-C at "%s" ends every server and leaves no data directory',
  { timeout: 2 * minutes },
  async (moment) => {
    const run = await start('rehearse', small);
    await outputHas(run, moment);
    run.child.kill('SIGINT');
    expect(await run.ended, run.output()).toBe(130);
    expect(run.output().trim().split('\n').at(-1)).toBe('SIGINT: stopping every server');
    await nothingLeft(run);
    expect(await readdir(run.temporary)).toEqual([]);
  },
);

it('a rehearsal that is killed leaves no server behind', {
  timeout: 2 * minutes,
}, async () => {
  const run = await start('rehearse', small);
  await outputHas(run, 'Wait for green');
  run.child.kill('SIGKILL');
  await run.ended;
  await nothingLeft(run);
});

it.each([
  [['--from', '14'], '--from 14: give a whole number from 15 to 18'],
  [['--from', '17', '--to', '16'], 'the target must be a newer major'],
  [['--writers', 'many'], '--writers many: give a whole number from 1 to 64'],
  [['--dump', 'nowhere.sql'], '--dump nowhere.sql: there is no such file'],
  [['--fault', 'rain'], '--fault rain: give one of no-primary-key'],
  [['--endpoint', 'dns'], '--endpoint dns: give one of rds, pause'],
  [['--yes', '--no'], '--yes and --no: give one of them'],
  [['--unheard'], "Unknown option '--unheard'"],
  [['--report', '/dev/null/report'], '--report /dev/null/report: ENOTDIR'],
  [['--report', '/proc/x'], '--report /proc/x: E'],
  [['--report', '/proc'], '--report /proc: E'],
  [['--report', 'package.json'], '--report package.json: ENOTDIR'],
])('%j is refused in one line', async (args, text) => {
  const run = await start('rehearse', args);
  expect(await run.ended).toBe(2);
  expect(run.output()).toContain(text);
  expect(run.output().trim().split('\n')).toHaveLength(1);
  expect(existsSync(run.temporary) && (await readdir(run.temporary))).toEqual([]);
});
