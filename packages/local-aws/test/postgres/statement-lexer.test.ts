import { describe, expect, it } from 'vitest';
import { ScriptLines } from '../../dump/script-lines.ts';
import { extensionIn, kindOf, rolesIn } from '../../postgres/dump/dump-statement.ts';
import { StatementLexer } from '../../postgres/dump/statement-lexer.ts';

function cut(sql: string): string[] {
  const lexer = new StatementLexer();
  return sql.split('\n').flatMap((line) => lexer.take(line));
}

describe('cutting a script into statements', () => {
  it.each([
    ['two on a line', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    ['a statement over lines', 'SELECT\n1\n;', ['SELECT\n1']],
    ['quotes', `SELECT 'a;''b;', "c;""d";`, [`SELECT 'a;''b;', "c;""d"`]],
    ['escapes', String.raw`SELECT E'a\';b', type'x\';`, [String.raw`SELECT E'a\';b', type'x\'`]],
    ['dollar quotes', 'SELECT $a$;$$;$b$;$a$, a$b; SELECT $1;', ['SELECT $a$;$$;$b$;$a$, a$b', 'SELECT $1']],
    ['comments', 'SELECT 1 --;\n+ /* ; /* ; */ ; */ 2; -- end', ['SELECT 1 \n+  2']],
    [
      'brackets',
      'CREATE RULE r AS ON DELETE TO t DO (DELETE FROM a; DELETE FROM b);',
      ['CREATE RULE r AS ON DELETE TO t DO (DELETE FROM a; DELETE FROM b)'],
    ],
    [
      'a body that begins atomically',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; SELECT 2;',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END', 'SELECT 2'],
    ],
    ['a transaction', 'BEGIN; COMMIT;', ['BEGIN', 'COMMIT']],
  ])('%s', (_what, sql, statements) => {
    expect(cut(sql)).toEqual(statements);
  });

  it('knows when a statement is unfinished', () => {
    const lexer = new StatementLexer();
    lexer.take('-- nothing;');
    expect(lexer.isBetween).toBe(true);
    lexer.take("SELECT 'open");
    expect(lexer.isBetween).toBe(false);
    expect(lexer.take("';")).toHaveLength(1);
    expect(lexer.isBetween).toBe(true);
  });
});

describe('what a statement of a dump is', () => {
  it.each([
    ['COPY t (a) FROM stdin', 'copy'],
    ["COPY t FROM '/file'", 'server-file'],
    ["COPY t FROM PROGRAM 'cat'", 'server-file'],
    ["COPY t TO '/file'", 'left-out'],
    ['SET row_security = off', 'setting'],
    ["SELECT pg_catalog.set_config('search_path', '', false)", 'setting'],
    ["SELECT pg_catalog.setval('s', 1, true)", 'rows'],
    ['REFRESH MATERIALIZED VIEW v', 'refresh'],
    ['CREATE SUBSCRIPTION s CONNECTION …', 'left-out'],
    ['GRANT ALL ON DATABASE shop TO a', 'left-out'],
    ['CREATE TABLE t ()', 'schema'],
    ['ALTER DOMAIN d DROP CONSTRAINT c', 'clean'],
    ['ALTER TABLE t ADD COLUMN "drop" integer', 'schema'],
  ] as const)('%s: %s', (statement, kind) => {
    expect(kindOf(statement)).toBe(kind);
  });

  it.each([
    ['ALTER TABLE t OWNER TO "Shop ""Owner"""', ['Shop "Owner"']],
    ['GRANT SELECT ON t TO a, "B", PUBLIC WITH GRANT OPTION', ['a', 'B']],
    ['REVOKE ALL ON SCHEMA s FROM Someone', ['someone']],
    ['CREATE POLICY p ON t TO clerks USING (true)', ['clerks']],
    ["COMMENT ON TABLE t IS 'hand over; OWNER TO nobody'", []],
    ["CREATE USER u PASSWORD 'x' IN ROLE a, b ADMIN boss", ['a', 'b', 'boss']],
    ['CREATE GROUP g WITH USER "Odd User"', ['Odd User']],
  ])('%s names %j', (statement, roles) => {
    expect(rolesIn(statement)).toEqual(roles);
  });

  it('names the extension', () => {
    expect(extensionIn('CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public')).toBe('uuid-ossp');
  });
});

describe('lines of a stream', () => {
  it.each([1, 2, 3, 7, 100])('come out the same from chunks of %i bytes', async (size) => {
    const text = 'first\r\n\nrow 1\nrow \\.\n\\.x\n\\.\nlast';
    const lines = new ScriptLines(chunks(text, size));
    expect(`${await lines.next()}|${await lines.next()}`).toBe('first|');
    const rows: Buffer[] = [];
    for await (const block of lines.until('\\.')) rows.push(Buffer.from(block));
    expect(Buffer.concat(rows).toString()).toBe('row 1\nrow \\.\n\\.x\n');
    expect(lines.number).toBe(6);
    expect(`${await lines.next()}`).toBe('last');
    expect(await lines.next()).toBeUndefined();
  });

  it('say so when the end of a block is missing', async () => {
    const lines = new ScriptLines(chunks('row 1\nrow 2', 4));
    const read = async () => {
      for await (const _block of lines.until('\\.'));
    };
    await expect(read()).rejects.toThrow('ends before');
  });
});

async function* chunks(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}
