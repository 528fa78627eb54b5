import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { compareTables } from '../../postgres/verify.ts';
import { BUILD } from './plane.ts';

const folder = mkdtempSync(join(tmpdir(), 'dump-test-'));
let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await PostgresDataPlane.open();
  await plane.createDatabase('db-blue', '15.8');
});
afterAll(async () => {
  await plane.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function load(text: string | Buffer): Promise<string> {
  const file = join(folder, 'dump.sql');
  writeFileSync(file, text);
  return plane.loadDump('db-blue', file).then(
    () => 'loaded',
    (failure: Error) => failure.message,
  );
}

describe('a dump', () => {
  it('that is awkward is loaded, and green is built from it', async () => {
    const file = fileURLToPath(new URL('./dumps/awkward.sql', import.meta.url));
    const { warnings } = await plane.loadDump('db-blue', file);
    expect(warnings).toEqual([expect.stringMatching(/^line 8: .*transaction_timeout/)]);
    expect(await plane.whyNoGreen('db-blue', '17.4')).toEqual([
      expect.stringMatching(/a replication of its own, which RDS refuses: publication sales_feed/),
    ]);
    await plane.loadSchema('db-blue', 'DROP PUBLICATION sales_feed');
    const blue = plane.database('db-blue').sql;
    const read = await blue.query(
      `SELECT (SELECT string_agg(concat_ws('|', id, name, path, "odd;name"), '#' ORDER BY id) FROM "Sales".customers) AS customers,
              (SELECT sum(pages)::int FROM "Sales".visits) AS pages, "Sales".note('x'), "Sales".pick(9),
              (SELECT relowner::regrole::text FROM pg_class WHERE relname = 'customers') AS owner,
              has_table_privilege('auditor', '"Sales".customers', 'SELECT') AS granted`,
    );
    expect(read.rows[0]).toEqual({
      customers: '1|Ada; Countess|\\.|x#2|two\nlines|--#3|tab\there|\\restrict|$$',
      pages: 18,
      note: "it's; xnested; quote",
      pick: 9,
      owner: '"Shop Owner"',
      granted: true,
    });

    await plane.buildGreen(BUILD);
    const tables = await compareTables(plane.database('db-blue').sql, plane.database('db-green').sql);
    expect(tables.map((table) => [table.name, table.rows, table.equal])).toEqual([
      ['"Sales".customers', 3, true],
      ['"Sales".visits_2025', 1, true],
      ['"Sales".visits_2026', 2, true],
      ['"Sales".totals', 2, true],
    ]);
    const green = await plane.database('db-green').sql.query(
      `SELECT (SELECT count(*)::int FROM "Sales".totals) AS totals, nextval('"Sales".customers_id_seq')::int AS next,
              (SELECT relowner::regrole::text FROM pg_class WHERE relname = 'customers') AS owner,
              current_setting('search_path') AS path`,
    );
    expect(green.rows[0]).toEqual({ totals: 2, next: 42, owner: '"Shop Owner"', path: '"$user", public' });
  });

  it('that holds a mistake is refused with its line and statement', async () => {
    const message = await load(
      'SET row_security = off;\n\nCREATE TABLE a (id int);\n\nCREATE TABEL\n  b (id int);\n',
    );
    expect(message).toMatch(
      /dump\.sql, line 5: syntax error at or near "TABEL"\n {2}CREATE TABEL b \(id int\)/,
    );
  });

  it('that holds a bad row is refused with the line of its COPY and the row', async () => {
    const message = await load('CREATE TABLE c (id int);\nCOPY c (id) FROM stdin;\n1\nx\n\\.\n');
    expect(message).toMatch(/line 2: .*"x" \(COPY c, line 2/);
  });

  it('that needs an extension nobody has here is refused by its name', async () => {
    const message = await load('CREATE EXTENSION IF NOT EXISTS aws_s3 WITH SCHEMA public;\n');
    expect(message).toMatch(/line 1: the extension "aws_s3" does not come with/);
  });

  it('that ends in the middle is refused', async () => {
    expect(await load('CREATE TABLE d (\n')).toMatch(/line 1: the file ends inside this statement/);
  });

  it('that is an archive is refused with the command that makes a plain one', async () => {
    expect(await load(Buffer.from('PGDMP\u0001'))).toMatch(/pg_restore -f/);
  });

  it('that is a folder or is not there is refused by its name', async () => {
    await expect(plane.loadDump('db-blue', folder)).rejects.toThrow(`${folder} is a folder`);
    await expect(plane.loadDump('db-blue', join(folder, 'none'))).rejects.toThrow(
      /none cannot be read: ENOENT/,
    );
  });

  it('with an unlogged table says that its rows do not come along', async () => {
    const file = join(folder, 'unlogged.sql');
    writeFileSync(file, 'CREATE UNLOGGED TABLE cache (id int PRIMARY KEY);\n');
    const { warnings } = await plane.loadDump('db-blue', file);
    expect(warnings).toEqual(['unlogged, so replication leaves them empty on green: public.cache']);
  });
});
