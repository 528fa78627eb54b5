import { expect } from 'vitest';
import type { RuleTest } from './play.ts';

/**
 * What the tests take from vitest, without its runner: here a test is only noted, with what stands around it. The matchers are those of vitest
 * itself. A test that begins to use more of vitest than this does not load.
 */
export { expect };

type Body = () => unknown;

/** A file, or a `describe` in it. */
interface Group {
  title: string;
  before: Body[];
  after: Body[];
}

let noted: RuleTest[] = [];
let groups: Group[] = [];
/** As vitest does it: a `describe` of a file is opened when the whole file was read. */
let waiting: Body[] | undefined;

/** The tests of a file, in their order. What stands around the tests of another file is nothing to it. */
export async function noteTests(load: () => Promise<unknown>): Promise<readonly RuleTest[]> {
  noted = [];
  groups = [];
  waiting = [];
  enter('');
  await load();
  const bodies = waiting;
  waiting = undefined;
  for (const open of bodies) open();
  return noted;
}

function enter(title: string): Group {
  const group = { title, before: [], after: [] };
  groups.push(group);
  return group;
}

export const beforeEach = (act: Body): void => void groups.at(-1)?.before.push(act);
export const afterEach = (act: Body): void => void groups.at(-1)?.after.push(act);

type Add = (title: string, body: Body) => void;

const note: Add = (title, body) => {
  const around = [...groups];
  noted.push({
    name: [...around.map((group) => group.title), title].filter(Boolean).join(' > '),
    body: () => play(around, body),
  });
};

async function play(around: Group[], body: Body): Promise<void> {
  for (const act of around.flatMap(({ before }) => before)) await act();
  try {
    await body();
  } finally {
    for (const act of around.flatMap(({ after }) => after).reverse()) await act();
  }
}

const group: Add = (title, body) => {
  const open = () => {
    enter(title);
    body();
    groups.pop();
  };
  if (waiting) waiting.push(open);
  else open();
};

/** The body may stand before or behind a number of milliseconds, or behind options. A row that is a list gives several arguments. */
const withTables = (add: Add) =>
  Object.assign((title: string, ...rest: unknown[]) => add(title, bodyIn(rest)), {
    each:
      (table: readonly unknown[]) =>
      (title: string, ...rest: unknown[]) => {
        const body = bodyIn(rest) as (...row: unknown[]) => unknown;
        for (const [index, row] of table.entries())
          add(`${title} (row ${index + 1})`, () => body(...(Array.isArray(row) ? row : [row])));
      },
  });

const bodyIn = (rest: unknown[]): Body => rest.find((one) => typeof one === 'function') as Body;

export const describe = withTables(group);
export const it = withTables(note);
export const test = it;
