import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it, test } from 'vitest';
import { faults } from '../../commands/faults.ts';
import { describeFaults } from '../../commands/write-faults.ts';

const root = resolve(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');

it('names every fault of the catalogue once, in its order', () => {
  const numbers = Array.from({ length: 99 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`);
  expect(faults.map(({ number }) => number)).toEqual(numbers);
});

/** A title stands between quotes, in a call of the test runner, in a row of a table or as the name of a scenario. */
test.each(faults)('$number has a test that is there', ({ test: [file, title] }) => {
  expect(existsSync(resolve(root, file)), file).toBe(true);
  expect(["'", '"', '`'].some((quote) => read(file).includes(`${quote}${title}`))).toBe(true);
});

const sources = execFileSync('git', ['ls-files', 'functions', 'statemachine/source'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && existsSync(resolve(root, file)))
  .map(read)
  .join('\n');

test.each(faults.filter(({ message }) => message !== null))(
  '$number says what stands in the sources',
  ({ message }) => {
    expect(sources).toContain(message);
  },
);

it('is the page that the table writes', () => {
  expect(read('docs/faults.md')).toBe(describeFaults());
});
