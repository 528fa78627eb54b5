import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { describeGuards, guards } from './guards.ts';

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '..', '..', file), 'utf8');

it.each(guards)('the guard against $against stands in its file', ({ file, guard, without }) => {
  expect(read(file)).toContain(guard);
  expect(without).not.toBe(guard);
});

/** Titles of tables are put together from their rows: half of the words must stand there in one piece, at the beginning or at the end. */
it.each(guards)('the guard against $against has its test', ({ test: [file, title] }) => {
  const words = title.split(' ');
  const half = Math.ceil(words.length / 2);
  const pieces = words.flatMap((_, index) => [words.slice(index), words.slice(0, index + 1)]);
  const text = read(file);
  expect(pieces.some((piece) => piece.length >= half && text.includes(piece.join(' ')))).toBe(true);
});

it('has the page that the list writes', () => {
  expect(read('docs/guards.md')).toBe(describeGuards());
});
