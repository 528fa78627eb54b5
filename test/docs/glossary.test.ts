import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends } from '../../functions/domain/model/ends.ts';
import { allStates, machines } from '../statemachine/machine.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
const rooms = [
  'bench',
  'commands',
  'deploy',
  'docs',
  'functions',
  'packages',
  'rehearsal',
  'statemachine',
  'test',
];

/** `delete-databases.test.ts` → ` delete databases test ts `, so that a word is found whole. */
const asWords = (name: string): string =>
  ` ${name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .join(' ')} `;

interface Term {
  term: string;
  text: string;
  notCalled: string[];
}

const terms: Term[] = page
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [term = '', , text = '', not = ''] = section.split('\n');
    return { term, text, notCalled: [...not.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word) };
  });
const forbidden = [...new Set(terms.flatMap(({ notCalled }) => notCalled))];

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !entry.parentPath.includes('node_modules') ? [entry.name] : [],
  ),
);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'packages/local-aws/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const headings = pages.flatMap((name) =>
  [...readFileSync(join(root, name), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading),
);
const states = machines.flatMap(({ machine }) => allStates(machine).map(([name]) => name));

/** The names that hold a forbidden word, each with the word. */
const findForbidden = (names: string[]): string[] =>
  names.flatMap((name) =>
    forbidden.filter((word) => asWords(name).includes(asWords(word))).map((word) => `${name}: ${word}`),
  );

describe('the glossary', () => {
  it('has each term once, in one sentence, with what it is not called', () => {
    const names = terms.map(({ term }) => term.toLowerCase());
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    expect(
      terms.filter(({ text, notCalled }) => !/^[A-Z].*[^.]\.$/.test(text) || notCalled.length === 0),
    ).toEqual([]);
  });

  it('forbids no word that is a term', () => {
    expect(findForbidden(terms.map(({ term }) => term))).toEqual([]);
  });
});

describe('a word that the glossary forbids', () => {
  it.each([
    ['file', files],
    ['state', states],
    ['end', Object.keys(ends)],
    ['heading', headings],
  ])('is in no name of a %s', (_kind, names) => {
    expect(names.length).toBeGreaterThan(10);
    expect(findForbidden(names)).toEqual([]);
  });
});
