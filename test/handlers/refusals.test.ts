import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settle } from '../../functions/databases/ask.ts';
import { refusalFixes } from '../../functions/databases/refusal-fixes.ts';
import type { RefusalCode } from '../../functions/sql/contract.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** Every place that refuses, by file: its code, and what it says. */
const places = globSync('functions/sql/**/*.ts', { cwd: root }).flatMap((file) =>
  [
    ...readFileSync(resolve(root, file), 'utf8').matchAll(
      /new Refused\(\s*'([a-z-]+)',\s*([\s\S]*?)\)(?:;|\n)/g,
    ),
  ].map(([, code = '', says = '']) => ({ file, code, says })),
);

describe('a refusal of a database', () => {
  it('is found in the sources, at every place that makes one', () => {
    expect(places.length).toBeGreaterThan(40);
  });

  it.each(places)(
    'in $file has a fix that fits its code $code, and a reason of its own',
    ({ code, says }) => {
      expect(Object.keys(refusalFixes)).toContain(code);
      // A reason names something: it is put together, or says a whole sentence.
      expect(says).toMatch(/\$\{|\w+ \w+ \w+|\(/);
    },
  );

  it('has no fix that stands for two codes, none that only says to try again, and none for a code that nobody uses', () => {
    const fixes = Object.values(refusalFixes);
    expect(new Set(fixes).size).toBe(fixes.length);
    for (const fix of fixes) expect(fix).not.toMatch(/^(try again|look|check|see)\b/i);
    const used = new Set(places.map(({ code }) => code));
    expect(Object.keys(refusalFixes).filter((code) => !used.has(code))).toEqual([]);
  });

  it.each(Object.keys(refusalFixes) as RefusalCode[])('%s reaches the person with reason and fix', (code) => {
    const settled = () => settle({ kind: 'refused', code, because: 'role app still writes' });
    expect(settled).toThrow(`role app still writes (${code}): ${refusalFixes[code]}`);
  });

  it('that passes by itself is Busy, and every other a failed test', () => {
    const nameOf = (code: RefusalCode) => {
      try {
        settle({ kind: 'refused', code, because: 'x' });
      } catch (error) {
        return (error as Error).name;
      }
      return undefined;
    };
    const busy = (Object.keys(refusalFixes) as RefusalCode[]).filter(
      (code) => nameOf(code) === 'BlueGreen.Busy',
    );
    expect(busy.toSorted()).toEqual(['read-only', 'writers']);
    expect(nameOf('foreign')).toBe('BlueGreen.TestFailed');
  });

  it('that is a failure of the database keeps the reason of the database, and says where to look', () => {
    expect(() => settle({ kind: 'failed', code: '53300', because: 'too many clients' })).toThrow(
      /^too many clients; if it stays so, look at the server/,
    );
  });
});
