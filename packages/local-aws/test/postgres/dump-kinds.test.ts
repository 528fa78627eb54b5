import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDumpFile } from '../../dump/script-file.ts';
import { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { type Database, partsOf } from '../../postgres/database.ts';
import { loadSource } from '../../postgres/dump/source.ts';
import { findPrograms } from '../../postgres/server/programs.ts';
import { compareTables } from '../../postgres/verify.ts';

const cases = fileURLToPath(new URL('./dumps', import.meta.url));

/** Those that are loaded alone: they have databases of their own, or RDS builds no green of them. */
const alone = [
  'awkward',
  'dumpall-role-postgres',
  'dumpall-two-databases',
  'extension-gone-in-17',
  'psql-include',
];

const kinds = readdirSync(cases)
  .map((file) => file.replace(/\.sql$/, ''))
  .filter((kind) => !alone.includes(kind));

const folder = mkdtempSync(join(tmpdir(), 'kinds-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One dump of several databases, each of which includes one file. */
function bringTogether(files: readonly string[]): string {
  const file = join(folder, 'together.sql');
  writeFileSync(file, files.map((kind) => `\\connect "${kind}"\n\\i ${join(cases, kind)}.sql\n`).join(''));
  return file;
}

/** Everything that a green can lack: tables and their rows are compared apart. */
const inventory = `
  WITH own AS (SELECT oid FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_'),
  classes AS (SELECT * FROM pg_class WHERE relnamespace IN (SELECT oid FROM own))
  SELECT format('%s %s of %s %s', relkind, oid::regclass, relowner::regrole, relacl) AS what FROM classes
  UNION ALL SELECT format('column %s.%I %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0 AND attrelid IN (SELECT oid FROM classes)
  UNION ALL SELECT format('constraint %s', pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace IN (SELECT oid FROM own) AND contype <> 'n'
  UNION ALL SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace IN (SELECT oid FROM own)
  UNION ALL SELECT format('trigger %s on %s %s', tgname, tgrelid::regclass, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT format('event trigger %s %s', evtname, evtenabled) FROM pg_event_trigger
  UNION ALL SELECT format('policy %s on %s', polname, polrelid::regclass) FROM pg_policy
  UNION ALL SELECT format('comment %s', description) FROM pg_description WHERE objoid IN (SELECT oid FROM classes)
  ORDER BY 1`;

async function inventoryOf({ sql }: Database): Promise<string[]> {
  const { rows } = await sql.query<{ what: string }>(inventory);
  // PostgreSQL 17 has one more right of an owner, MAINTAIN.
  return rows.map(({ what }) => what.replaceAll('arwdDxtm', 'arwdDxt'));
}

const ways = [
  ['by statements', async () => undefined],
  ['as a copy that pg_upgrade upgrades', () => findPrograms([15, 17])],
] as const;

describe.each(ways)('green %s', (_way, findTheirPrograms) => {
  let plane: PostgresDataPlane;
  let because: string | undefined;
  beforeAll(async () => {
    const programs = await findTheirPrograms();
    because = programs && 'because' in programs ? programs.because : undefined;
    plane = await PostgresDataPlane.open(programs && 'found' in programs ? { programs: programs.found } : {});
  });
  afterAll(() => plane.dispose());

  it('is the same as blue, whatever kind of dump blue was made of', async (context) => {
    if (because) context.skip(because);
    await plane.createDatabase('blue', '15.8');
    const { tables } = await plane.loadDump('blue', bringTogether(kinds));
    expect(tables).toBeGreaterThan(kinds.length);
    const build = { deployment: 'kinds', blue: 'blue', green: 'green', engineVersion: '17.4' };
    await plane.buildGreen(build);
    const [blue, green] = [partsOf(plane.database('blue')), partsOf(plane.database('green'))];
    expect(blue).toHaveLength(kinds.length);
    for (const [index, kind] of kinds.entries()) {
      const [here, there] = [blue[index] as Database, green[index] as Database];
      const compared = await compareTables(here.sql, there.sql);
      const unequal = compared.filter(({ equal }) => !equal).map(({ name }) => name);
      expect([kind, unequal]).toEqual([kind, kind === 'unlogged' ? ['public.sessions'] : []]);
      expect([kind, ...(await inventoryOf(there))]).toEqual([kind, ...(await inventoryOf(here))]);
    }
    // What is written in any of the databases arrives.
    const place = kinds.indexOf('latin1');
    await blue[place]?.sql.query("INSERT INTO places VALUES (4, 'Béziers')");
    await expect
      .poll(async () => (await green[place]?.sql.query('SELECT name FROM places ORDER BY id'))?.rows)
      .toEqual(['Nîmes', 'Alès', 'Orléans', 'Béziers'].map((name) => ({ name })));
    // Twenty databases, each of which pg_upgrade dumps and restores: 45 s on two cores that are free.
  }, 280_000);
});

describe('a copy that is not upgraded', () => {
  it('follows blue with another minor version or other parameters', async (context) => {
    const programs = await findPrograms([15]);
    if ('because' in programs) context.skip(programs.because);
    const plane = await PostgresDataPlane.open('found' in programs ? { programs: programs.found } : {});
    try {
      await plane.createDatabase('blue', '15.8');
      await plane.loadDump('blue', join(cases, 'orm.sql'));
      await plane.buildGreen({ deployment: 'minor', blue: 'blue', green: 'green', engineVersion: '15.12' });
      const [blue, green] = [plane.database('blue'), plane.database('green')];
      expect(green.engineVersion).toBe('15.12');
      expect(green.server.binaries.version).toBe(blue.server.binaries.version);
      expect(await inventoryOf(green)).toEqual(await inventoryOf(blue));
      await blue.sql.query(`UPDATE "User" SET "displayName" = 'New'`);
      const read = async () =>
        (await green.sql.query('SELECT DISTINCT "displayName" AS name FROM "User"')).rows;
      await expect.poll(read, { timeout: 30_000 }).toEqual([{ name: 'New' }]);
      expect(await plane.guardrails('minor')).toEqual([]);
      expect((await compareTables(blue.sql, green.sql)).filter(({ equal }) => !equal)).toEqual([]);
    } finally {
      await plane.dispose();
    }
  }, 120_000);
});

describe('a copy that pg_upgrade refuses', () => {
  it('is told in its own words, and nothing is left', async (context) => {
    const programs = await findPrograms([15, 17]);
    if ('because' in programs) context.skip(programs.because);
    const plane = await PostgresDataPlane.open('found' in programs ? { programs: programs.found } : {});
    try {
      await plane.createDatabase('blue', '15.8');
      // Its library is gone with 17, and no extension tells of it.
      await plane.loadSchema(
        'blue',
        "CREATE FUNCTION public.drop_file(text) RETURNS bool LANGUAGE c AS '$libdir/adminpack', 'pg_file_unlink'",
      );
      const build = { deployment: 'refused', blue: 'blue', green: 'green', engineVersion: '17.4' };
      await expect(plane.buildGreen(build)).rejects.toThrow(
        /upgrade from PostgreSQL 15\S* to 17\S* is refused by pg_upgrade.*could not load library "\$libdir\/adminpack"/,
      );
      const left = await plane
        .database('blue')
        .sql.query('SELECT slot_name FROM pg_replication_slots UNION ALL SELECT pubname FROM pg_publication');
      expect(left.rows).toEqual([]);
      const kept = readdirSync(plane.workspace.folder).filter((name) => /green|upgrade/.test(name));
      expect(kept.filter((name) => !name.endsWith('.log'))).toEqual([]);
    } finally {
      await plane.dispose();
    }
  });
});

/** Turns a dump into other formats, with the programs that PostgreSQL and the system have. */
const packers: [string, string, string[]][] = [
  ['gz', 'gzip', ['-c']],
  ['bz2', 'bzip2', ['-c']],
  ['xz', 'xz', ['-c']],
  ['zst', 'zstd', ['-cq']],
];

describe('a database', () => {
  let plane: PostgresDataPlane;
  let bin: string;
  let because: string | undefined;
  beforeAll(async () => {
    const programs = await findPrograms([15]);
    because = 'because' in programs ? programs.because : undefined;
    plane = await PostgresDataPlane.open('found' in programs ? { programs: programs.found } : {});
    bin = 'found' in programs ? join(programs.found.get(15) ?? '', 'bin') : '';
    await plane.createDatabase('origin', '15.8');
    await plane.loadDump('origin', join(cases, 'orm.sql'));
  });
  afterAll(() => plane.dispose());

  /** Address of the database that the dumps are made of. */
  const origin = () => `postgres://postgres:secret@127.0.0.1:${plane.database('origin').server.port}/app`;

  async function expectTheSame(
    name: string,
    load: () => Promise<{ tables: number; rows: number }>,
    rows = 6,
  ) {
    expect([name, (await load()).rows]).toEqual([name, rows]);
    const [there, here] = [plane.database(name), plane.database('origin')];
    expect(await inventoryOf(there)).toEqual(await inventoryOf(here));
    await plane.removeDatabase(name);
  }

  it('is read from every format of pg_dump, packed or not', async (context) => {
    if (because) context.skip(because);
    const pgRestore = join(bin, 'pg_restore');
    const files: string[] = [];
    for (const [format, name] of Object.entries({
      p: 'plain.sql',
      c: 'custom.dump',
      d: 'folder',
      t: 'archive.tar',
    })) {
      const file = join(folder, name);
      execFileSync(join(bin, 'pg_dump'), ['-F', format, '-f', file, origin()]);
      files.push(file);
    }
    for (const [end, program, args] of packers)
      for (const name of ['plain.sql', 'custom.dump']) {
        const packed = join(folder, `${name}.${end}`);
        writeFileSync(packed, execFileSync(program, [...args, join(folder, name)]));
        files.push(packed);
      }
    for (const file of files) {
      const name = `copy-${files.indexOf(file)}`;
      await plane.createDatabase(name, '15.8');
      await expectTheSame(name, () => plane.loadDump(name, file, { pgRestore }));
    }
  });

  it('is read from a running server, its schema alone or with some rows of each table', async (context) => {
    if (because) context.skip(because);
    const source = { pgDump: join(bin, 'pg_dump') };
    await plane.createDatabase('schema', '15.8');
    await expectTheSame(
      'schema',
      () => loadSource(plane.database('schema'), origin(), { ...source, rowsPerTable: 0 }),
      0,
    );
    await plane.createDatabase('some', '15.8');
    await loadSource(plane.database('some'), origin(), { ...source, rowsPerTable: 1 });
    const { rows } = await plane
      .database('some')
      .sql.query(
        `SELECT (SELECT count(*)::int FROM "User") AS users, (SELECT last_value::int FROM "Order_id_seq") AS last`,
      );
    expect(rows).toEqual([{ users: 1, last: 2 }]);
  });

  it('that cannot be read is named without its password', async (context) => {
    if (because) context.skip(because);
    const nowhere = origin().replace('/app', '/nowhere');
    const reading = loadSource(plane.database('origin'), nowhere, {
      pgDump: join(bin, 'pg_dump'),
      rowsPerTable: 0,
    });
    await expect(reading).rejects.toThrow(/^postgres:\/\/postgres@127.*database "nowhere" does not exist/s);
    await expect(reading).rejects.not.toThrow(/secret/);
  });
});

/** The head of a tar archive that holds a file of this name. */
function tarOf(name: string): Buffer {
  const head = Buffer.alloc(1_024);
  head.write(name);
  head.write('ustar', 257);
  return head;
}

describe('a dump', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await PostgresDataPlane.open();
    await plane.createDatabase('blue', '15.8');
  });
  afterAll(() => plane.dispose());

  const load = (name: string, text: string | Buffer, options = {}) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return plane.loadDump('blue', file, options);
  };

  it.each([
    ['empty.sql', '', /empty\.sql: no table and no row came from it/],
    ['settings.sql', 'SET row_security = off;\n', /no table and no row/],
    [
      'bytes.sql',
      Buffer.from("CREATE TABLE a (b text DEFAULT '\xe9');\n", 'latin1'),
      /line 1: this is not UTF-8.*client_encoding/,
    ],
    [
      'sjis.sql',
      "SET client_encoding = 'SJIS';\n",
      /line 1: the encoding SJIS is none in which a server keeps text/,
    ],
    ['unknown.sql', "SET client_encoding = 'KLINGON';\n", /knows no encoding "KLINGON"/],
    [
      'wrong.sql',
      Buffer.from("SET client_encoding = 'EUC_JP';\nCREATE TABLE a (b text DEFAULT '\xff');\n", 'latin1'),
      /line 2: invalid byte sequence/,
    ],
    ['gexec.sql', "SELECT 'x' \\gexec\n", /line 1: psql's \\gexec is not followed/],
    ['variable.sql', '\\set schema shop\n', /variables of psql are not followed/],
    ['program.sql', "\\copy a from program 'cat'\n", /\\copy from a program is not followed/],
    ['missing.sql', '\\i not-there.sql\n', /missing\.sql, line 1: .*not-there\.sql cannot be read/],
    ['file.sql', "COPY a FROM '/etc/passwd';\n", /RDS gives nobody its files/],
    ['pack.zip', 'PK\x03\x04', /it is a zip archive; unpack it/],
    ['wide.sql', Buffer.from('\ufeffSELECT 1;', 'utf16le'), /it is UTF-16.*iconv/],
    ['mysql.sql', '-- MySQL dump 10.13\n', /a dump of MySQL or MariaDB/],
    ['binary.sql', Buffer.from([1, 0, 2]), /it is not a text/],
    ['archive.dump', 'PGDMP\x01', /only pg_restore reads.*--pg-bin/],
  ])('%s is refused with words that say so', async (name, text, message) => {
    await expect(load(name, text)).rejects.toThrow(message);
  });

  it.each([
    ['nothing.sql', '', /is empty; give a dump/],
    ['script.tar.gz', gzipSync(tarOf('script.sql')), /what is packed in it is tar/],
    ['wide.sql.gz', gzipSync(Buffer.from('\ufeffSELECT 1;', 'utf16le')), /what is packed in it is UTF-16/],
    ['torn.sql.gz', gzipSync('SELECT 1;\n'.repeat(1_000)).subarray(0, 30), /unexpected end of file/],
  ])('%s is refused before any server starts, and by the loader', async (name, content, message) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    await expect(checkDumpFile(file, true)).rejects.toThrow(message);
    if (content.length > 0) await expect(plane.loadDump('blue', file)).rejects.toThrow(message);
  });

  it('of pg_dumpall lets a role have settings in one database', async () => {
    await load(
      'settings-of-role.sql',
      "CREATE ROLE clerk;\nCREATE DATABASE shop;\nALTER ROLE clerk IN DATABASE shop SET work_mem TO '8MB';\n\\connect shop\nCREATE TABLE clerks (id int PRIMARY KEY);\n",
    );
    const { rows } = await plane
      .database('blue')
      .sql.query(
        "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'clerk'::regrole AND setdatabase <> 0",
      );
    expect(rows).toEqual([{ setconfig: ['work_mem=8MB'] }]);
  });

  it('of another encoding has its names, and rows with every way to write options', async () => {
    const text = `SET NAMES 'WIN1252';
CREATE TABLE "Straße €" (id int PRIMARY KEY, "ä" text);
COPY "Straße €" (id, "ä") FROM stdin;
1\tZürich €
\\.
COPY "Straße €" (id, "ä") FROM stdin WITH (FORMAT csv);
2,Genève
\\.
COPY "Straße €" FROM stdin CSV DELIMITER ';';
3;Orléans
\\.
`.replaceAll('€', '\x80');
    await load('windows1252.sql', Buffer.from(text, 'latin1'));
    const { rows } = await plane.database('blue').sql.query('SELECT "ä" FROM "Straße €" ORDER BY id');
    expect(rows.map(({ ä }) => ä)).toEqual(['Zürich €', 'Genève', 'Orléans']);
  });

  it('that includes scripts and files of rows is followed', async () => {
    writeFileSync(join(folder, 'tables.sql'), 'CREATE TABLE followed (id int PRIMARY KEY, name text);\n');
    writeFileSync(join(folder, 'items.csv'), 'id,name\n1,"a, b"\n2,é\n');
    const text =
      "\\set ON_ERROR_STOP on\n\\i tables.sql\n\\copy followed FROM 'items.csv' CSV HEADER\n\\copy followed FROM STDIN\n3\tx\n\\.\n\\echo done\n";
    expect(await load('includes.sql', text)).toMatchObject({ tables: 1, rows: 3, warnings: [] });
    const { rows } = await plane.database('blue').sql.query('SELECT name FROM followed ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(['a, b', 'é', 'x']);
  });

  it('keeps carriage returns that belong to its text, and none that end its lines', async () => {
    await load('unix.sql', "CREATE TABLE unix (a text);\nINSERT INTO unix VALUES ('x\r\ny');\n");
    await load(
      'windows.sql',
      '\ufeffCREATE TABLE windows (a text);\r\nCOPY windows (a) FROM stdin;\r\nb\r\n\\.\r\nCOMMENT ON TABLE windows IS $$two\r\nlines$$;\r\n',
    );
    const { sql } = plane.database('blue');
    expect((await sql.query('SELECT a FROM unix')).rows).toEqual([{ a: 'x\r\ny' }]);
    expect(
      (await sql.query("SELECT a, obj_description('windows'::regclass) AS said FROM windows")).rows,
    ).toEqual([{ a: 'b', said: 'two\nlines' }]);
  });

  it('of an old server escapes in its strings, when it says so', async () => {
    await load(
      'old.sql',
      "SET standard_conforming_strings = off;\nCREATE TABLE old (a text);\nINSERT INTO old VALUES ('it\\'s; one');\n",
    );
    expect((await plane.database('blue').sql.query('SELECT a FROM old')).rows).toEqual([{ a: "it's; one" }]);
  });

  it('goes on without an extension, when that is wanted, and names what it left out', async () => {
    const text =
      'CREATE EXTENSION aws_s3;\nCREATE TABLE kept (id int PRIMARY KEY);\nCREATE TABLE needs (a aws_s3_type);\nCOPY needs (a) FROM stdin;\n1\n\\.\nINSERT INTO kept VALUES (1);\n';
    await expect(load('extension.sql', text)).rejects.toThrow(/--skip-extensions/);
    const { tables, rows, warnings } = await load('extension.sql', text, { skipExtensions: true });
    expect({ tables, rows }).toEqual({ tables: 1, rows: 1 });
    expect(warnings).toEqual([
      expect.stringMatching(/^line 1: left out, as PostgreSQL 15\S* has no extension "aws_s3"/),
      expect.stringMatching(/^line 3: left out, as it needs what was left out: CREATE TABLE needs/),
      expect.stringMatching(/^line 4: left out, as it needs what was left out: COPY needs/),
    ]);
  });

  it('keeps to itself what RDS gives nobody, and shows no password', async () => {
    const text =
      "CREATE ROLE chief SUPERUSER LOGIN PASSWORD 'secret' BYPASSRLS;\nCREATE TABLE chiefs (id int PRIMARY KEY);\nALTER TABLE chiefs OWNER TO chief;\n";
    const { warnings } = await load('chief.sql', text);
    expect(warnings).toEqual([
      "line 1: RDS gives nobody SUPERUSER, BYPASSRLS, so it was left out: CREATE ROLE chief SUPERUSER LOGIN PASSWORD '***' BYPASSRLS",
    ]);
    const { rows } = await plane
      .database('blue')
      .sql.query("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'chief'");
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: true }]);
  });
});
