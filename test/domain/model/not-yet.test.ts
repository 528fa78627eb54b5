import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Busy, Throttled } from '../../../functions/domain/model/errors.ts';
import { withLastLook } from '../../../functions/domain/model/failure.ts';
import { lookAtRds, notYet } from '../../../functions/domain/model/not-yet.ts';

const root = join(import.meta.dirname, '..', '..', '..');

it('says what was seen, and what a person does where it stays so', () => {
  const stands = notYet('green is 12 MiB behind', 'let blue write less');
  expect(stands).toEqual({
    kind: 'not-yet',
    because: 'green is 12 MiB behind; if it stays so, let blue write less',
  });
  expect(notYet('the window opens at 02:00', null).because).toBe('the window opens at 02:00');
  expect(lookAtRds('green')).toBe('look at green in the console of RDS and at its events');
});

it.each([Busy, Throttled])('is the whole message of an error that stands for it: %o', (type) => {
  expect(new type(notYet('a replica restarts', 'look at it')).message).toBe(
    'a replica restarts; if it stays so, look at it',
  );
});

it('is made in one place, so that no wait is without its remedy', () => {
  const elsewhere = globSync('functions/**/*.ts', { cwd: root })
    .filter((file) =>
      /kind: 'not-yet',|new (Busy|Throttled)\(['"`]/.test(readFileSync(join(root, file), 'utf8')),
    )
    .filter((file) => file !== 'functions/domain/model/not-yet.ts');
  expect(elsewhere).toEqual([]);
});

it.each<[what: string, said: string, because: string | undefined, whole: string]>([
  ['a deadline', 'not in time', 'green is modifying', 'not in time. Seen last: green is modifying'],
  ['a deadline, of which no look is known', 'not in time', undefined, 'not in time'],
  ['an error that says it already', 'late: it is modifying', 'it is modifying', 'late: it is modifying'],
  ['what Lambda has wrapped', '{"errorMessage":"late"}', 'busy', 'late. Seen last: busy'],
])('is what the end adds to %s', (_, said, because, whole) => {
  expect(withLastLook(said, because)).toBe(whole);
});
