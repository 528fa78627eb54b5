import { readdirSync, readFileSync } from 'node:fs';
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
});
