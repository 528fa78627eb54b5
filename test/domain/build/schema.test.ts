import { describe, expect, it } from 'vitest';
import { isWider } from '../../../functions/domain/build/column-type.ts';
import { type Column, judgeSchemas, type Table } from '../../../functions/domain/build/schema.ts';

it.each([
  ['smallint', 'integer', true],
  ['integer', 'bigint', true],
  ['bigint', 'integer', false],
  ['integer', 'numeric', true],
  ['integer', 'numeric(5,0)', false],
  ['real', 'double precision', true],
  ['integer', 'real', false],
  ['character varying(10)', 'character varying(20)', true],
  ['character varying(20)', 'character varying(10)', false],
  ['character varying(10)', 'character varying', true],
  ['character varying', 'character varying(10)', false],
  ['character varying(10)', 'text', true],
  ['text', 'character varying(10)', false],
  ['character(10)', 'character varying(10)', true],
  ['numeric(10,2)', 'numeric(12,2)', true],
  ['numeric(10,2)', 'numeric(12,5)', false],
  ['numeric(10,2)', 'numeric', true],
  ['timestamp(3) without time zone', 'timestamp without time zone', true],
  ['timestamp without time zone', 'timestamp with time zone', false],
  ['date', 'timestamp without time zone', true],
])('%s goes into %s: %s', (from, to, wider) => expect(isWider(from, to)).toBe(wider));

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ name, type: 'int', notNull: false, hasDefault: false, generated: false },
  ...more,
});
const table = (columns: Column[], more: Partial<Table> = {}): Table => ({
  ...{ name: 'app.t', columns, key: ['id'], constraints: {}, triggers: {} },
  ...more,
});
const blue = table([column('id'), column('note'), column('amount')]);

/** What real servers show stands in test/sql/compare-schema.test.ts and test/sql/mysql/compare-schema.test.ts. */
describe('what differs', () => {
  it.each<[string, 'postgresql' | 'mysql', Table[], object]>([
    [
      'a table that is new',
      'mysql',
      [blue, table([], { name: 'app.u' })],
      { back: [/table app\.u is gone/] },
    ],
    [
      'columns that have changed places',
      'postgresql',
      [table([column('note'), column('id'), column('amount')])],
      {},
    ],
    [
      'columns that have changed places, by the binary log',
      'mysql',
      [table([column('note'), column('id'), column('amount')])],
      { blockers: [/place of app\.t\.id is taken by note/, /place of app\.t\.note/], back: [/./, /./] },
    ],
    [
      'a column that is gone, by the binary log',
      'mysql',
      [table([column('id'), column('note')])],
      { blockers: [/amount is gone/] },
    ],
    [
      'the whole row as a key',
      'postgresql',
      [{ ...blue, key: ['*'] }],
      { blockers: [/key of app\.t is \(\*\)/] },
    ],
    [
      'a foreign key of the binary log',
      'mysql',
      [{ ...blue, constraints: { f1: 'foreign key' } }],
      { warnings: [/new foreign key f1: a row that does not meet it stops/] },
    ],
    [
      'a trigger of the binary log',
      'mysql',
      [{ ...blue, triggers: { t1: false } }],
      { warnings: [/t1 .* does not fire/] },
    ],
    [
      'another type',
      'postgresql',
      [table([column('id'), column('note', { type: 'text' }), column('amount')])],
      { blockers: [/note is text and comes as int/], back: [/note is int/] },
    ],
  ])('%s', (_, family, green, expected) => {
    const told = Object.entries({ blockers: [], warnings: [], back: [], ...expected }).map(
      ([kind, patterns]) => [kind, (patterns as RegExp[]).map((pattern) => expect.stringMatching(pattern))],
    );
    const found = judgeSchemas(family, [blue], green);
    expect({ ...found, warnings: found.warnings }).toEqual(Object.fromEntries(told));
  });

  it('is told a dozen times', () => {
    const many = Array.from({ length: 14 }, (_, n) => table([column('id')], { name: `app.t${n}` }));
    expect(judgeSchemas('postgresql', many, []).blockers.at(-1)).toBe('and 2 more');
  });

  it('is a generated column that is sent nowhere', () => {
    const generated = table([column('id'), column('twice', { generated: true })]);
    const { blockers } = judgeSchemas('postgresql', [generated], [table([column('id'), column('twice')])]);
    expect(blockers).toEqual([expect.stringMatching(/twice is generated where rows come from/)]);
    expect(judgeSchemas('postgresql', [generated], [table([column('id')])])).toMatchObject({ blockers: [] });
  });
});
