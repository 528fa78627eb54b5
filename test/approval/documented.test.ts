import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, path), 'utf8');

/** The list of threats: the file and the name of the test that proves the answer. */
const rows = [...read('../../docs/approval.md').matchAll(/^ {2}- Test: `([^`]+)`: (.+)$/gm)].map(
  ([, file = '', name = '']) => ({ file, name }),
);

describe('the list of threats in docs/approval.md', () => {
  it('is there', () => expect(rows.length).toBeGreaterThan(15));

  it.each(rows)('$file proves: $name', ({ file, name }) => {
    const path = resolve(import.meta.dirname, file.startsWith('browser/') ? `../${file}` : file);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain(name);
  });
});
