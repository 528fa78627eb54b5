import { expect } from 'vitest';
import type { RuleTest } from './play.ts';

/**
 * What the tests of the rules take from vitest, without its runner: here a test is only noted. The matchers are those of vitest itself. A
 * test that begins to use more of vitest than this does not load.
 */
export { expect };

const noted: RuleTest[] = [];
const groups: string[] = [];

/** The tests in the order of their files. */
export const notedTests = (): readonly RuleTest[] => noted;

type Add = (title: string, body: () => unknown) => void;

const note: Add = (title, body) => {
  noted.push({ name: [...groups, title].join(' > '), body });
};

const group: Add = (title, body) => {
  groups.push(title);
  body();
  groups.pop();
};

/** The body stands last, behind a number of milliseconds or behind options. A row that is a list gives several arguments. */
const withTables = (add: Add) =>
  Object.assign((title: string, ...rest: unknown[]) => add(title, rest.at(-1) as () => unknown), {
    each:
      (table: readonly unknown[]) =>
      (title: string, ...rest: unknown[]) => {
        const body = rest.at(-1) as (...row: unknown[]) => unknown;
        for (const [index, row] of table.entries())
          add(`${title} (row ${index + 1})`, () => body(...(Array.isArray(row) ? row : [row])));
      },
  });

export const describe = withTables(group);
export const it = withTables(note);
export const test = it;
