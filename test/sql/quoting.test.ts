import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slotName } from '../../functions/sql/postgres/names.ts';
import { literal } from '../../functions/sql/postgres/quoting.ts';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import { setupStatements } from './stage.ts';

/** Texts that are made of what quoting can go wrong on, and any other Unicode text. */
const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '%',
        '%%',
        '$',
        '$$',
        '\n',
        '\r',
        '\t',
        ' ',
        '=',
        ';',
        '--',
        '/*',
        "\\'",
        'ä',
        '漢',
        '😀',
        '\u0301',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''))
  // Half of a surrogate pair is no text: the driver itself would send another character.
  .filter((text) => text.isWellFormed());
const name = awkward.filter((text) => text !== '' && Buffer.byteLength(text) <= 63);

describe('on a server', () => {
  let plane: PostgresDataPlane;
  let client: pg.Client;
  beforeAll(async () => {
    plane = await PostgresDataPlane.open();
    await plane.createDatabase('db', '17.4');
    await plane.loadSchema('db', setupStatements);
    client = new pg.Client(ownerConnection(plane.database('db').server, 'app'));
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await plane.dispose();
  });

  it.each(['on', 'off'])(
    'a literal means the text itself, standard_conforming_strings %s',
    async (setting) => {
      await client.query(`SET standard_conforming_strings = ${setting}; SET escape_string_warning = off`);
      await fc.assert(
        fc.asyncProperty(awkward, async (text) => {
          const { rows } = await client.query(`SELECT ${literal(text)} AS text`);
          expect(rows).toEqual([{ text }]);
        }),
        { numRuns: 200 },
      );
      await client.query('RESET standard_conforming_strings');
    },
  );

  it('a connection string inside a literal reaches libpq with every value as it is', async () => {
    // The server parses it with libpq and refuses a broken one; the catalog keeps what the literal meant.
    await fc.assert(
      fc.asyncProperty(awkward, name, async (password, database) => {
        const made = await client.query<{ source: string }>(
          "SELECT viridian.source('127.0.0.1', 5432, $1, $2, true) AS source",
          [database, password],
        );
        const source = made.rows[0]?.source ?? '';
        await client.query(
          `CREATE SUBSCRIPTION odd CONNECTION ${literal(source)} PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false)`,
        );
        const { rows } = await client.query("SELECT subconninfo FROM pg_subscription WHERE subname = 'odd'");
        await client.query('DROP SUBSCRIPTION odd');
        expect(rows).toEqual([{ subconninfo: source }]);
        expect(parse(source)).toMatchObject({ host: '127.0.0.1', port: '5432', dbname: database, password });
      }),
      { numRuns: 100 },
    );
  });
});

/** The grammar of libpq's manual, "Keyword/Value Connection Strings", for quoted values. */
function parse(source: string): Record<string, string> {
  const found: Record<string, string> = {};
  let at = 0;
  while (at < source.length) {
    const equals = source.indexOf("='", at);
    const keyword = source.slice(at, equals).trim();
    let value = '';
    for (at = equals + 2; source[at] !== "'"; at += 1) {
      if (source[at] === '\\') at += 1;
      value += source[at];
    }
    found[keyword] = value;
    at += 1;
  }
  return found;
}

it('refuses a text that PostgreSQL cannot hold', () => {
  expect(() => literal('a\0b')).toThrow(TypeError);
});

describe('the name of a slot', () => {
  it('shows the database where it can', () => {
    expect(slotName('app')).toBe('viridian_way_back_app');
    expect(slotName('My Shop')).toMatch(/^viridian_way_back_my_shop_[0-9a-f]{12}$/);
  });

  it('is valid for every database, and two databases never share one', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(slotName(one)).toMatch(/^[a-z0-9_]{1,63}$/);
        expect(slotName(one) === slotName(other)).toBe(one === other);
      }),
    );
    expect(slotName('shop')).not.toBe(slotName('Shop'));
  });
});
