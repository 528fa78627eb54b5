import { describe, expect, it } from 'vitest';
import {
  longestFile,
  mostStatements,
  readFile,
  readStatement,
  type Statement,
} from '../../../functions/domain/load-test/statement.ts';
import type { EngineFamily } from '../../../functions/domain/model/engine.ts';

/** What a user's data could be: it is never told. */
const value = 'Erika Mustermann';

const texts: [what: string, family: EngineFamily, text: string, shown: string][] = [
  ['a text', 'postgresql', `SELECT * FROM t WHERE name = '${value}'`, 'SELECT * FROM t WHERE name = ?'],
  ['a text with a quotation mark in it', 'postgresql', "SELECT 'it''s'", 'SELECT ?'],
  ['a text with escapes', 'postgresql', "SELECT E'it\\'s; DROP TABLE t'", 'SELECT ?'],
  ['a text between dollars', 'postgresql', `SELECT $a$${value}'; $$ $a$`, 'SELECT ?'],
  ['a text of MySQL', 'mysql', `SELECT "${value}", 'it\\'s'`, 'SELECT ?, …'],
  ['a name', 'postgresql', 'SELECT "a;b" FROM s . t', 'SELECT "a;b" FROM s.t'],
  ['a name of MySQL', 'mysql', 'SELECT `a;b` FROM t', 'SELECT `a;b` FROM t'],
  ['numbers', 'postgresql', 'SELECT 1, -2.5e3, 0x1F FROM t2', 'SELECT ?, - ?, … FROM t2'],
  ['a list', 'mysql', 'SELECT a FROM t WHERE a IN (1, 2,3)', 'SELECT a FROM t WHERE a IN (?, …)'],
  ['comments', 'postgresql', `SELECT /* ${value} /* */ ; */ a -- ${value};\nFROM t`, 'SELECT a FROM t'],
  ['comments of MySQL', 'mysql', `SELECT a # ${value};\nFROM t -- ;`, 'SELECT a FROM t'],
  ['two dashes that are a sum in MySQL', 'mysql', 'SELECT 5--1', 'SELECT ? -- ?'],
  ['a parameter', 'postgresql', 'SELECT a FROM t WHERE b = $1', 'SELECT a FROM t WHERE b = $1'],
  ['a parameter of MySQL', 'mysql', 'SELECT a FROM t WHERE b = ?', 'SELECT a FROM t WHERE b = ?'],
  [
    'an operator that is a question mark',
    'postgresql',
    "SELECT a FROM t WHERE j ? 'k'",
    'SELECT a FROM t WHERE j ? ?',
  ],
  ['brackets around it', 'postgresql', '((SELECT 1))', '((SELECT ?))'],
  [
    'functions and columns that are called like what writes',
    'mysql',
    "SELECT REPLACE(a, 'x', 'y'), t.update FROM t",
    'SELECT REPLACE(a, ?, …), t.update FROM t',
  ],
  ['a semicolon behind it', 'postgresql', 'TABLE t; -- done', 'TABLE t'],
];

const refused: [what: string, family: EngineFamily, text: string, because: RegExp][] = [
  ['a statement that writes', 'postgresql', 'DELETE FROM t', /begins with DELETE, and only SELECT/],
  ['a value first', 'postgresql', `'${value}'`, /begins with no word of SQL/],
  ['nothing', 'postgresql', '', /begins with no word/],
  [
    'a WITH that writes',
    'postgresql',
    'WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d',
    /word DELETE/,
  ],
  ['SELECT INTO', 'postgresql', 'SELECT * INTO copy FROM t', /word INTO/],
  ['a file', 'mysql', "SELECT a INTO OUTFILE '/tmp/a' FROM t", /word INTO/],
  ['locks', 'postgresql', 'SELECT a FROM t FOR NO KEY UPDATE', /locks rows/],
  ['locks of MySQL', 'mysql', 'SELECT a FROM t LOCK IN SHARE MODE', /locks rows/],
  ['two statements', 'postgresql', 'SELECT 1; SELECT 2', /more than one statement/],
  ['what only servers see', 'mysql', 'SELECT 1 /*!50000 INTO OUTFILE "x" */', /servers execute/],
  ['what only MariaDB sees', 'mysql', 'SELECT 1 /*M! INTO OUTFILE "x" */', /servers execute/],
  ['a quotation mark that is not closed', 'postgresql', `SELECT '${value}`, /not closed/],
  [
    'what is too long to be looked through',
    'postgresql',
    `SELECT '${'x'.repeat(longestFile)}'`,
    /longer than 64 KiB/,
  ],
  ['a comment that is not closed', 'postgresql', 'SELECT 1 /* a /* */', /comment is not closed/],
];

describe('a statement', () => {
  it.each(texts)('is told without its values: %s', (_what, family, text, shown) => {
    const statement = readStatement(text, family) as Statement;
    expect(statement.shown).toBe(shown);
    expect(statement.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(statement.hasParameters).toBe(_what.startsWith('a parameter'));
  });

  it.each(refused)('that does more than read, or might, is refused: %s', (_what, family, text, because) => {
    const refusal = readStatement(text, family);
    expect(refusal).toMatch(because);
    expect(refusal).not.toContain(value);
  });

  it('is the same one with other values', () => {
    const [one, other, third] = ["a = 'x'", "a = 'y'", "b = 'x'"].map(
      (where) => (readStatement(`SELECT 1 FROM t WHERE ${where}`, 'postgresql') as Statement).digest,
    );
    expect(one).toBe(other);
    expect(one).not.toBe(third);
  });
});

describe('a file of statements', () => {
  it('is taken apart at its semicolons', () => {
    const read = readFile("SELECT ';';\n\n-- the second;\nSELECT 2;;", 'postgresql');
    expect(read).toMatchObject({ statements: [{ text: "SELECT ';'" }, { text: 'SELECT 2' }] });
  });

  it('that holds anything else is told by number and line, all of it at once, without a value', () => {
    const file = `SELECT 1;\nUPDATE t SET a = '${value}';\nSELECT a FROM t WHERE b = $1;`;
    expect(readFile(file, 'postgresql')).toEqual({
      problems: [
        'statement 2 (line 2) begins with UPDATE, and only SELECT, WITH, VALUES and TABLE are run; take it out',
        'statement 3 (line 3) has a parameter, whose value nobody knows; write a value, or take "statements": "top"',
      ],
    });
  });

  it.each([
    ['nothing', '-- nothing yet', /holds no statement/],
    ['more than are told', 'SELECT 1;'.repeat(mostStatements + 1), /holds 26 statements; keep the 25/],
    [
      'a quotation mark that is not closed',
      "SELECT 1;\nSELECT 'x",
      /^line 2: a quotation mark is not closed/,
    ],
  ])('that holds %s is refused', (_what, file, because) => {
    expect(readFile(file, 'postgresql')).toEqual({ problems: [expect.stringMatching(because)] });
  });
});
