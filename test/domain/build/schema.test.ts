import { describe, expect, it } from 'vitest';
import { isWider } from '../../../functions/domain/build/column-type.ts';
import {
  type Column,
  compareTables,
  judgeSchemas,
  type Table,
} from '../../../functions/domain/build/schema.ts';

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
  ['timestamp without time zone', 'date', false],
  ['integer', 'integer', true],
  ['name', 'text', true],
  ['character(10)', 'text', true],
  ['integer', 'text', false],
  ['character(10)', 'character varying(5)', false],
  ['character varying(10)', 'character(20)', false],
  ['bigint', 'character varying(40)', false],
  ['xml', 'json', false],
  ['numeric(10)', 'numeric(12,1)', true],
  ['numeric(10,2)', 'numeric(12)', false],
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

  const note = (more: Partial<Column>) => table([column('id'), column('note', more), column('amount')]);
  it.each<[what: string, family: 'postgresql' | 'mysql', from: Table, to: Table, told: string[]]>([
    ['nothing', 'postgresql', blue, blue, []],
    ['nothing, by the binary log', 'mysql', blue, blue, []],
    [
      'a column that is gone',
      'postgresql',
      blue,
      table([column('id'), column('note')]),
      ['blocker: app.t.amount is gone'],
    ],
    [
      'a generated column that is gone',
      'postgresql',
      note({ generated: true }),
      table([column('id'), column('amount')]),
      [],
    ],
    [
      'a column that becomes generated',
      'postgresql',
      blue,
      note({ generated: true }),
      ['blocker: app.t.note is generated where its values are to go'],
    ],
    ['a column that stays generated', 'postgresql', note({ generated: true }), note({ generated: true }), []],
    [
      'a wider type',
      'postgresql',
      note({ type: 'integer' }),
      note({ type: 'bigint' }),
      ['warning: app.t.note is bigint and was integer'],
    ],
    [
      'a narrower type',
      'postgresql',
      note({ type: 'bigint' }),
      note({ type: 'integer' }),
      ['blocker: app.t.note is integer and comes as bigint'],
    ],
    [
      'a column that takes no NULL any more',
      'postgresql',
      blue,
      note({ notNull: true }),
      ['warning: app.t.note takes no NULL any more'],
    ],
    ['a column that never took NULL', 'postgresql', note({ notNull: true }), note({ notNull: true }), []],
    ['a column that takes NULL now', 'postgresql', note({ notNull: true }), blue, []],
    [
      'a new column',
      'postgresql',
      table([column('id')]),
      table([column('id'), column('x')]),
      ['warning: app.t.x (int) is new'],
    ],
    [
      'a new column that must have a value',
      'postgresql',
      table([column('id')]),
      table([column('id'), column('x', { notNull: true })]),
      ['blocker: app.t.x is new, takes no NULL'],
    ],
    [
      'a new column that gets its value',
      'postgresql',
      table([column('id')]),
      table([column('id'), column('x', { notNull: true, hasDefault: true })]),
      ['warning: app.t.x (int) is new'],
    ],
    [
      'a new column that is generated',
      'postgresql',
      table([column('id')]),
      table([column('id'), column('x', { notNull: true, generated: true })]),
      ['warning: app.t.x (int) is new'],
    ],
    [
      'a new column at the end, by the binary log',
      'mysql',
      table([column('id')]),
      table([column('id'), column('x', { notNull: true })]),
      ['blocker: app.t.x is new, takes no NULL'],
    ],
    [
      'a column that has another name, by the binary log',
      'mysql',
      table([column('id'), column('a')]),
      table([column('id'), column('b')]),
      ['warning: app.t.a is called b'],
    ],
    [
      'a column of another name and type, by the binary log',
      'mysql',
      table([column('id'), column('a')]),
      table([column('id'), column('b', { type: 'text' })]),
      ['blocker: the place of app.t.a is taken by b'],
    ],
    [
      'a column before the others, by the binary log',
      'mysql',
      table([column('a'), column('b')]),
      table([column('x'), column('a'), column('b')]),
      ['blocker: the place of app.t.a is taken by x', 'blocker: the place of app.t.b is taken by a'],
    ],
    [
      'a column that takes the place of one that is gone, by the binary log',
      'mysql',
      table([column('a'), column('b')]),
      table([column('b')]),
      ['blocker: the place of app.t.a is taken by b', 'blocker: app.t.b is gone'],
    ],
    [
      'a column that becomes generated, by the binary log',
      'mysql',
      blue,
      note({ generated: true }),
      ['blocker: app.t.note is generated on one side only'],
    ],
    [
      'a wider type, by the binary log',
      'mysql',
      blue,
      note({ type: 'bigint' }),
      ['blocker: app.t.note is bigint and comes as int'],
    ],
    [
      'a column that takes no NULL any more, by the binary log',
      'mysql',
      blue,
      note({ notNull: true }),
      ['warning: app.t.note takes no NULL any more'],
    ],
    [
      'another key, by the binary log',
      'mysql',
      blue,
      { ...blue, key: ['id', 'note'] },
      ['warning: the key of app.t is (id, note) and comes as (id): rows are found by another key'],
    ],
    [
      'a key of columns that are sent',
      'postgresql',
      { ...blue, key: ['id', 'note'] },
      { ...blue, key: ['note'] },
      ['warning: the key of app.t is (note) and comes as (id, note): a row that doubles it'],
    ],
    [
      'a key of columns of which one is not sent',
      'postgresql',
      blue,
      { ...blue, key: ['id', 'note'] },
      ['blocker: the key of app.t is (id, note) and comes as (id), so no update'],
    ],
    [
      'a key where the whole row is sent',
      'postgresql',
      { ...blue, key: ['*'] },
      { ...blue, key: ['id'] },
      ['warning: the key of app.t is (id) and comes as (*): a row that doubles it'],
    ],
    [
      'a key that is gone',
      'postgresql',
      blue,
      { ...blue, key: [] },
      ['blocker: the key of app.t is () and comes as (id), so no update'],
    ],
    [
      'a key where none was, so that no update comes',
      'postgresql',
      { ...blue, key: [] },
      { ...blue, key: ['id'] },
      [],
    ],
    [
      'a new foreign key',
      'postgresql',
      blue,
      { ...blue, constraints: { f1: 'foreign key' } },
      ['warning: app.t has the new foreign key f1: rows that are replicated are not held against it'],
    ],
    [
      'a new check',
      'postgresql',
      blue,
      { ...blue, constraints: { c1: 'check' } },
      ['warning: app.t has the new check c1: a row that does not meet it'],
    ],
    [
      'a check that both have',
      'postgresql',
      { ...blue, constraints: { c1: 'check' } },
      { ...blue, constraints: { c1: 'check' } },
      [],
    ],
    [
      'a new trigger',
      'postgresql',
      blue,
      { ...blue, triggers: { t1: false } },
      ['warning: the new trigger t1 of app.t does not fire'],
    ],
    [
      'a new trigger for rows that are replicated',
      'postgresql',
      blue,
      { ...blue, triggers: { t1: true } },
      ['warning: the new trigger t1 of app.t fires for replicated rows as well'],
    ],
    [
      'a new trigger for all rows, by the binary log',
      'mysql',
      blue,
      { ...blue, triggers: { t1: true } },
      ['warning: the new trigger t1 of app.t does not fire'],
    ],
    [
      'a trigger that both have',
      'postgresql',
      { ...blue, triggers: { t1: true } },
      { ...blue, triggers: { t1: true } },
      [],
    ],
  ])('is %s', (_, family, from, to, told) => {
    const found = compareTables(family, [from], [to]).map(
      ({ severity, sentence }) => `${severity}: ${sentence}`,
    );
    expect(found).toEqual(told.map((beginning) => expect.stringContaining(beginning)));
    expect(found.every((line, at) => line.startsWith(told[at] ?? ''))).toBe(true);
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
