import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { instrument } from './instrument.ts';
import { playAll } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rule = `const least = [18];
export const isAdult = (age: number) => age >= Math.max(...least);
export const unused = () => 'nobody'; export const words = () => 'nobody asks';
export function countDown(from: number) { let left = from; while (left > 0) left -= 1; return left; }
export const double = (one: number) => one * 2;
`;
const ruleTest = `import { expect, it } from 'vitest';
import { countDown, double, isAdult } from './rule.ts';
it.each([[20, true], [10, false]])('%i: %s', (age, adult) => { expect(isAdult(age)).toBe(adult); });
it('counts', () => { expect(countDown(3)).toBe(0); });
it.each([[double(2), 4]])('a table: %i', (is, expected) => { expect(is).toBe(expected); });
`;

it('plays the tests that pass a change against it, and tells what none of them notices', async () => {
  const files = { rule: join(folder, 'rule.ts'), test: join(folder, 'rule.test.ts') };
  writeFileSync(files.rule, rule);
  writeFileSync(files.test, ruleTest);
  const fates = await playAll(await instrument([files.rule], [files.test]));
  const fateOf = (line: number, replacement: string) =>
    [...fates].find(([mutant]) => mutant.line === line && mutant.replacement === replacement)?.[1];
  expect(fateOf(2, 'age > Math.max(...least)')).toBe('survived');
  expect(fateOf(2, 'age < Math.max(...least)')).toBe('killed');
  // Words for people are left as they are.
  expect([...fates].filter(([{ line, kind }]) => line === 3 && kind === 'StringLiteral')).toHaveLength(1);
  expect(fateOf(3, '""')).toBe('not covered');
  // Passed while the file is loaded: it is loaded anew.
  expect(fateOf(1, '[]')).toBe('killed');
  // Passed by a table when its test is loaded: its test is played, although its body asks no rule.
  expect(fateOf(5, 'one / 2')).toBe('killed');
  // Endless, and ended by the number of its rounds.
  expect(fateOf(4, 'left += 1')).toBe('killed');
});

it('plays the tests of a file that imports a constant, although looking at it passes nothing', async () => {
  const files = { rule: join(folder, 'tag.ts'), test: join(folder, 'tag.test.ts') };
  writeFileSync(files.rule, "export const tag = 'ours'; export const other = 'theirs';\n");
  writeFileSync(
    files.test,
    "import { expect, it } from 'vitest';\nimport { tag } from './tag.ts';\nit('is ours', () => { expect(tag).toBe('ours'); });\n",
  );
  const fates = await playAll(await instrument([files.rule], [files.test]));
  expect([...fates.values()]).toEqual(['killed', 'survived']);
});
