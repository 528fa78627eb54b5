import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstNames } from '../../../functions/domain/model/first-names.ts';
import type { DatabaseFacts, Writer } from '../../../functions/domain/way-back/facts.ts';
import { during, Interrupted } from '../../../functions/sql/interrupted.ts';
import { mostWriting } from '../../../functions/sql/most-writing.ts';
import { codeOf, describeFailure } from '../../../functions/sql/mysql/failure.ts';
import * as mysql from '../../../functions/sql/mysql/quoting.ts';
import { makePassword } from '../../../functions/sql/password.ts';
import { boundLists } from '../../../functions/sql/postgres/bound-lists.ts';
import * as names from '../../../functions/sql/postgres/names.ts';
import { literal } from '../../../functions/sql/postgres/quoting.ts';
import { Refused } from '../../../functions/sql/refused.ts';

describe('the code of a failure of the MySQL family', () => {
  it.each<[what: string, error: unknown, code: string]>([
    ['the number of the server', { errno: 1045, code: 'ER_ACCESS_DENIED_ERROR' }, '1045'],
    [
      'the word of the network, whose numbers are negative',
      { errno: -111, code: 'ECONNREFUSED' },
      'ECONNREFUSED',
    ],
    [
      'the word of the driver, which counts from nothing',
      { errno: 0, code: 'PROTOCOL_CONNECTION_LOST' },
      'PROTOCOL_CONNECTION_LOST',
    ],
    ['a number that is a text is none', { errno: '1045', code: 'E' }, 'E'],
    ['the name of an error of ours', new TypeError('canary'), 'TypeError'],
    ['nothing, as of a session that was killed', new Error('canary'), 'broken'],
    ['nothing that was thrown', undefined, 'broken'],
    ['a text that was thrown', 'canary', 'broken'],
    ['something with a name that is no error', { name: 'Canary' }, 'broken'],
    ['that of what was interrupted', new Interrupted('asking', { errno: 1205 }), '1205'],
  ])('is %s', (_, error, code) => {
    expect(codeOf(error)).toBe(code);
  });

  it('is told with what was done and what it means, and nothing that the driver said', async () => {
    const failure = await during('holding writes', () =>
      Promise.reject({ errno: 1205, message: 'canary' }),
    ).catch((error) => error);
    expect(describeFailure(failure)).toEqual({
      code: '1205',
      because: 'holding writes: a lock was not free in time (1205)',
    });
  });
});

describe('what was being done', () => {
  it('is kept with the error, the innermost text', async () => {
    const cause = new Error('canary');
    const failure = await during('outer', () => during('inner', () => Promise.reject(cause))).catch(
      (error) => error,
    );
    expect([failure.doing, failure.cause]).toEqual(['inner', cause]);
  });
  it('is nothing to a refusal, nor to an answer', async () => {
    const refused = new Refused('writers', 'somebody writes');
    await expect(during('outer', () => Promise.reject(refused))).rejects.toBe(refused);
    expect(refused.code).toBe('writers');
    await expect(during('outer', async () => 7)).resolves.toBe(7);
  });
});

describe('a text in a statement', () => {
  it.each([
    ["it's", "'it''s'"],
    ['a\\b', "E'a\\\\b'"],
    ["a\\'b", "E'a\\\\''b'"],
    ['plain', "'plain'"],
  ])('of PostgreSQL: %s', (text, written) => {
    expect(literal(text)).toBe(written);
  });
  it('of PostgreSQL has no zero byte', () => {
    expect(() => literal('a\0')).toThrow('PostgreSQL has no text with a zero byte');
  });
  it.each([
    ['a text', mysql.literal("it's"), "'it''s'"],
    ['a backslash', mysql.literal('a\\b'), "'a\\\\b'"],
    ['a zero byte', mysql.literal('a\0b'), "'a\\0b'"],
    ['a name', mysql.identifier('a`b'), '`a``b`'],
    ['a table', mysql.tableName({ schema: 'shop', name: 'or`ders' }), '`shop`.`or``ders`'],
    ['an account', mysql.accountName({ user: "o'neill", host: '%' }), "'o''neill'@'%'"],
    ['a list', mysql.literals(['a', "b'"]), "'a', 'b'''"],
    ['an empty list, which nothing equals', mysql.literals([]), 'NULL'],
  ])('of the MySQL family: %s', (_, written, expected) => {
    expect(written).toBe(expected);
  });
});

describe('names of PostgreSQL', () => {
  const setup = readFileSync(
    join(import.meta.dirname, '..', '..', '..', 'docs', 'setup-postgresql.sql'),
    'utf8',
  );
  it('are those of the setup file', () => {
    const own = [
      ...names.ownRoles,
      names.replicationRole,
      names.ownSchema,
      names.publication,
      names.subscription,
    ];
    for (const name of own) expect(setup).toMatch(new RegExp(`\\b${name}\\b`));
    expect(own.every((name) => name.startsWith('viridian'))).toBe(true);
    expect(names.ownRoles).toEqual(['viridian', 'viridian_replication', 'viridian_probe']);
  });
});

describe('the slot of a database', () => {
  const { slotName, slotPattern } = names;
  it.each([
    ['shop', 'viridian_way_back_shop'],
    ['a'.repeat(45), `viridian_way_back_${'a'.repeat(45)}`],
  ])('of %s has its name', (database, slot) => {
    expect(slotName(database)).toBe(slot);
  });
  it.each(['Shop', 'sh-op', 'ä', 'a'.repeat(46)])(
    'of %s has a digest, and a name that PostgreSQL takes',
    (database) => {
      expect(slotName(database)).toMatch(/^viridian_way_back_[a-z0-9_]+_[0-9a-f]{12}$/);
      expect(slotName(database).length).toBeLessThanOrEqual(63);
      expect(slotName(database)).not.toBe(slotName(`${database}x`));
    },
  );
  it('of a long name fills what PostgreSQL takes', () => {
    expect(slotName('a'.repeat(60))).toHaveLength(63);
    expect(slotName('SH-op')).toMatch(/^viridian_way_back_sh_op_/);
  });
  it('is found by the pattern of all', () => {
    const pattern = new RegExp(`^${slotPattern.replaceAll('\\_', '_').replace('%', '.*')}$`);
    expect(slotName('shop')).toMatch(pattern);
  });
});

describe('those who write', () => {
  const writer = (name: string, more: object): Writer =>
    ({ name, writing: false, ...more }) as unknown as Writer;
  it('come before those that only could, also the prepared ones, a dozen in all', () => {
    const idle = Array.from({ length: 12 }, (_, index) => writer(`idle${index}`, {}));
    const found = mostWriting([
      ...idle,
      writer('busy', { writing: true }),
      writer('left', { prepared: 'gid' }),
    ]);
    expect(found.map((one) => (one as unknown as { name: string }).name)).toEqual([
      'busy',
      'left',
      ...idle.slice(0, 10).map((one) => (one as unknown as { name: string }).name),
    ]);
  });
});

describe('lists of all databases', () => {
  const database = (name: string, unlogged: string[]) =>
    ({ name, unlogged, bytes: 7 }) as unknown as DatabaseFacts;
  const entries = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
  it('are a dozen entries together, and how many others there are', () => {
    const bound = boundLists([
      database('a', entries(10)),
      database('b', entries(5)),
      database('c', entries(3)),
    ]);
    expect(bound).toEqual([
      database('a', entries(10)),
      database('b', firstNames(entries(5), 2)),
      database('c', ['3 in all']),
    ]);
  });
  it('have entries of 400 characters', () => {
    expect(boundLists([database('a', ['x'.repeat(400), 'y'.repeat(401)])])).toEqual([
      database('a', ['x'.repeat(400), `${'y'.repeat(400)}...`]),
    ]);
  });
});

it.each([
  [undefined, 43],
  [256 as const, 43],
  [192 as const, 32],
])('a password of %s random bits has %i characters that nothing quotes', (bits, length) => {
  const password = makePassword(bits);
  expect(password).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(password).toHaveLength(length);
  expect(makePassword(bits)).not.toBe(password);
});
