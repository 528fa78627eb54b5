import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownTroubles } from '../../commands/precondition-coverage.ts';
import { describeCoverage } from '../../commands/write-preconditions.ts';
import { evidenceJsonSchema } from '../../commands/write-schema.ts';
import { ends } from '../../functions/domain/model/ends.ts';
import * as errors from '../../functions/domain/model/errors.ts';
import { preconditions } from '../../functions/domain/preconditions/list.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs', 'docs/examples/hooks'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((f) => f.endsWith('.md'))
      .map((f) => `${folder}/${f}`),
  ),
];

/** The anchor that a heading gets where the pages are shown. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

const headingsOf = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.trim());

describe('the runbook', () => {
  const headings = headingsOf(read('docs/runbook.md'));
  const names = [
    ...Object.values(errors).flatMap((value) =>
      typeof value === 'function' && value.prototype instanceof Error
        ? [(Reflect.construct(value, [{}]) as Error).name]
        : [],
    ),
    ...Object.values(errors.raisedElsewhere),
  ];

  it.each(names)('has a heading for the error %s', (name) => {
    expect(headings).toContain(name);
  });

  const machines = readdirSync(join(root, 'statemachine')).flatMap((file) =>
    file.endsWith('.asl.json') ? [file.replace('.asl.json', '')] : [],
  );
  const endNames = Object.entries(ends).flatMap(([end, { machine }]) =>
    machines.includes(machine) ? [end] : [],
  );

  it.each(endNames)('has a heading for the end "%s"', (end) => {
    expect(headings).toContain(end);
  });
});

/** Lines outside of code blocks, which are as long as the code that they quote. */
const proseOf = (page: string): string[] =>
  read(page)
    .replace(/^ *```[\s\S]*?^ *```/gm, '')
    .split('\n');

it.each(pages)('%s has no line over 200 characters', (page) => {
  expect(proseOf(page).filter((line) => line.length > 200)).toEqual([]);
});

describe('links between pages', () => {
  it.each(pages)('%s leads only to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !headingsOf(read(target)).map(anchorOf).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it('the published form of a record is the one by which records are verified', () => {
  expect(read('docs/evidence.schema.json')).toBe(evidenceJsonSchema());
});

it('the page of what is checked is the one that is written, and each yes has its check and its test', () => {
  expect(read('docs/preconditions-coverage.md')).toBe(describeCoverage());
  const rules = new Set(preconditions.map(({ id }) => id));
  for (const known of knownTroubles) {
    if ('rule' in known) expect(rules, known.id).toContain(known.rule);
    if ('test' in known) expect(read(known.test), known.id).toContain(known.says);
  }
  const ids = knownTroubles.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});
