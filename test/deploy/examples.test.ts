import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWindows } from '../../deploy/schedules.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';

const folder = resolve(import.meta.dirname, '..', '..', 'docs', 'examples');
const windowsFile = 'maintenance-windows.json';
const examples = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== windowsFile);

describe('the example', () => {
  it.each(examples)('%s is a valid request', (file) => {
    const request = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    expect(requestSchema.safeParse(request).error?.issues).toBeUndefined();
  });

  it('of maintenance windows starts valid requests', () => {
    const windows = readWindows(`docs/examples/${windowsFile}`);
    expect(windows.length).toBeGreaterThan(0);
    for (const { name, request } of windows)
      expect(requestSchema.safeParse(request).error?.issues, name).toBeUndefined();
  });
});

describe('a list of maintenance windows', () => {
  it('that ships is read and may be empty', () => {
    expect(readWindows('config/maintenance-windows.json')).toBeInstanceOf(Array);
  });

  const request = { database: 'orders', target: { engineVersion: '17.10' } };
  const good = { name: 'orders', schedule: 'rate(7 days)', timeZone: 'UTC', enabled: true, request };
  it.each([
    ['a name with a space', [{ ...good, name: 'my orders' }], /"my orders": give a name/],
    ['the same name twice', [good, good], /"orders" stands twice/],
    ['an unknown zone', [{ ...good, timeZone: 'Europe/Berlyn' }], /timeZone: is "Europe\/Berlyn"; write it/],
    [
      'a request with a misspelt field',
      [{ ...good, request: { ...request, target: { engineversion: '17.10' } } }],
      /"orders" has a request that a run refuses:\ntarget\.engineversion: .*did you mean engineVersion\?/,
    ],
    [
      'a window that is too short for a cut',
      [
        {
          ...good,
          request: { ...request, window: { timeZone: 'UTC', days: ['Sun'], from: '02:00', to: '02:05' } },
        },
      ],
      /request\.window: no window is left that holds the 20 minutes/,
    ],
  ])('is refused with %s before anything is deployed', async (_what, windows, reason) => {
    const folder = await mkdtemp(join(tmpdir(), 'viridian-windows-'));
    const file = join(folder, 'windows.json');
    await writeFile(file, JSON.stringify({ windows }));
    expect(() => readWindows(file)).toThrow(reason);
    await rm(folder, { recursive: true });
  });
});
