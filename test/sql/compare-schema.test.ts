import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaVerdict } from '../../functions/domain/build/schema.ts';
import { ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import { Workspace } from '../../packages/local-aws/postgres/server/workspace.ts';
import { afterwards, question, until } from './stage.ts';

let workspace: Workspace;
let [blue, green]: pg.Client[] = [];
let places: { blue: object; green: object };
let source: string;
let user: string | undefined;

beforeAll(async () => {
  workspace = await Workspace.open();
  const servers = await Promise.all([workspace.startServer('blue', 15), workspace.startServer('green', 17)]);
  [blue, green] = servers.map((server) => new pg.Client(ownerConnection(server, 'postgres')));
  await Promise.all([blue?.connect(), green?.connect()]);
  const [one, other] = servers.map(({ port }) => ({
    resourceId: `db-${port}`,
    host: '127.0.0.1',
    port,
    is: null,
  }));
  places = { blue: one as object, green: other as object };
  user = ownerConnection(servers[0], 'postgres').user as string;
  source = `host=127.0.0.1 port=${servers[0].port} dbname=postgres user=${user}`;
});
afterAll(async () => {
  await Promise.all([blue?.end(), green?.end()]);
  await workspace?.dispose();
});

const query = (side: pg.Client | undefined, text: string) => (side as pg.Client).query(text);

async function judge(): Promise<SchemaVerdict> {
  const reply = await question('compare-schema', { ...places, login: { user } } as never);
  if (reply.kind !== 'answer') throw new Error(reply.because);
  return reply.facts as SchemaVerdict;
}

/** Replicates a change of blue for real. @returns whether it arrives; otherwise the worker of green meets an error */
async function arrives(change: string, seen: string): Promise<boolean> {
  await query(blue, change);
  const errors =
    "(SELECT apply_error_count FROM pg_stat_subscription_stats WHERE subname = 'flow')::int AS errors";
  const before = (await query(green, `SELECT ${errors}`)).rows[0].errors;
  let there = false;
  await until(async () => {
    const [found] = (await query(green, `SELECT ${seen} AS seen, ${errors}`)).rows;
    there = found.seen === true;
    return there || found.errors > before;
  });
  return there;
}

const plain = 'CREATE TABLE t (id int PRIMARY KEY, note varchar(10), amount int NOT NULL DEFAULT 0)';
const insert = "INSERT INTO t (id, note, amount) VALUES (2, 'new', 7)";
const row = 'EXISTS (SELECT FROM t WHERE id = 2)';

interface Row {
  change: string;
  /** Null: nothing is told. */
  told: 'blockers' | 'warnings' | null;
  /** What the sentence names. */
  about?: RegExp;
  /** Why the way back would not survive it. */
  back?: RegExp;
  /** What blue writes, and how green shows that it has come. */
  write?: string;
  seen?: string;
  /** A row that a warning is about. */
  bad?: string;
  /** A warning beside the blocker. */
  besides?: RegExp;
}

const rows: Record<string, Row> = {
  'an added column': {
    change: 'ALTER TABLE t ADD COLUMN extra text',
    told: 'warnings',
    about: /t\.extra \(text\) is new/,
    back: /t\.extra is gone/,
  },
  'an added column with a default': {
    change: "ALTER TABLE t ADD COLUMN extra text NOT NULL DEFAULT 'x'",
    told: 'warnings',
    about: /extra.*is new/,
    back: /extra is gone/,
  },
  'an added column that must have a value': {
    change: 'DELETE FROM t; ALTER TABLE t ADD COLUMN extra text NOT NULL',
    told: 'blockers',
    about: /extra is new, takes no NULL.*DROP NOT NULL/,
    back: /extra is gone/,
  },
  'a widened type': {
    change: 'ALTER TABLE t ALTER COLUMN amount TYPE bigint',
    told: 'warnings',
    about: /amount is bigint and was integer/,
    back: /amount is integer and comes as bigint/,
  },
  'a widened text': {
    change: 'ALTER TABLE t ALTER COLUMN note TYPE text',
    told: 'warnings',
    about: /note is text/,
    back: /comes as text/,
  },
  'a narrowed type': {
    change: 'ALTER TABLE t ALTER COLUMN note TYPE varchar(2)',
    told: 'blockers',
    about: /note is character varying\(2\) and comes as character varying\(10\)/,
  },
  'another type': {
    change: 'ALTER TABLE t ALTER COLUMN note TYPE int USING 0',
    told: 'blockers',
    about: /note is integer/,
    back: /note is character varying/,
  },
  'a dropped column': {
    change: 'ALTER TABLE t DROP COLUMN note',
    told: 'blockers',
    about: /t\.note is gone.*ADD COLUMN note character varying\(10\)/,
  },
  'a renamed column': {
    change: 'ALTER TABLE t RENAME COLUMN note TO remark',
    told: 'blockers',
    about: /t\.note is gone, or has another name/,
    besides: /t\.remark .* is new/,
    back: /t\.remark is gone/,
  },
  'a dropped table': {
    change: 'DROP TABLE t',
    told: 'blockers',
    about: /table postgres\.public\.t is gone/,
    seen: "to_regclass('t') IS NOT NULL",
  },
  'a new constraint': {
    change: 'ALTER TABLE t ADD CONSTRAINT small CHECK (amount < 100)',
    told: 'warnings',
    about: /new check small/,
    bad: "INSERT INTO t VALUES (3, 'x', 1000)",
  },
  'a unique constraint': {
    change: 'ALTER TABLE t ADD CONSTRAINT one_note UNIQUE (note)',
    told: 'warnings',
    about: /new unique constraint one_note/,
    bad: "INSERT INTO t VALUES (3, 'new', 1)",
  },
  'a unique index': {
    change: 'CREATE UNIQUE INDEX one_note ON t (note)',
    told: 'warnings',
    about: /new unique index one_note/,
    bad: "INSERT INTO t VALUES (3, 'new', 1)",
  },
  'a column that takes no NULL any more': {
    change: 'ALTER TABLE t ALTER COLUMN note SET NOT NULL',
    told: 'warnings',
    about: /note takes no NULL/,
    bad: 'INSERT INTO t VALUES (3, NULL, 1)',
  },
  'a foreign key, which nobody holds replicated rows against': {
    change:
      'CREATE TABLE parent (id int PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT has_parent FOREIGN KEY (id) REFERENCES parent NOT VALID',
    told: 'warnings',
    about: /new foreign key has_parent/,
    back: /parent is gone/,
  },
  'an index': { change: 'CREATE INDEX by_note ON t (note)', told: null },
  'a new table': { change: 'CREATE TABLE parent (id int)', told: null, back: /parent is gone/ },
  'another key': {
    change: 'ALTER TABLE t DROP CONSTRAINT t_pkey, ADD COLUMN k int GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    told: 'blockers',
    about: /key of postgres\.public\.t is \(k\) and comes as \(id\)/,
    besides: /t\.k .* is new/,
    back: /k is gone/,
    write: 'UPDATE t SET amount = 7 WHERE id = 1',
    seen: 'EXISTS (SELECT FROM t WHERE amount = 7)',
  },
  'no key any more': {
    change: 'ALTER TABLE t DROP CONSTRAINT t_pkey',
    told: 'blockers',
    about: /no update and no delete arrives/,
    write: 'UPDATE t SET amount = 7 WHERE id = 1',
    seen: 'EXISTS (SELECT FROM t WHERE amount = 7)',
  },
  'a column that is generated now': {
    change: 'ALTER TABLE t DROP COLUMN amount, ADD COLUMN amount int GENERATED ALWAYS AS (id * 2) STORED',
    told: 'blockers',
    about: /amount is generated/,
    back: /amount is generated where rows come from/,
  },
  'a generated column besides': {
    change: 'ALTER TABLE t ADD COLUMN twice int GENERATED ALWAYS AS (amount * 2) STORED',
    told: 'warnings',
    about: /twice.*is new/,
    seen: 'EXISTS (SELECT FROM t WHERE id = 2 AND twice = 14)',
  },
  'a trigger, which does not fire for replicated rows': {
    change:
      'CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.amount := 99; RETURN NEW; END $$; CREATE TRIGGER marks BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION mark()',
    told: 'warnings',
    about: /trigger marks .* does not fire/,
    seen: 'EXISTS (SELECT FROM t WHERE id = 2 AND amount = 7)',
  },
  'a trigger that always fires': {
    change:
      'CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.amount := 99; RETURN NEW; END $$; CREATE TRIGGER marks BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION mark(); ALTER TABLE t ENABLE ALWAYS TRIGGER marks',
    told: 'warnings',
    about: /trigger marks .* fires for replicated rows/,
    seen: 'EXISTS (SELECT FROM t WHERE id = 2 AND amount = 99)',
  },
};

describe('a changed schema is judged as replication does', () => {
  it.each(Object.entries(rows))(
    '%s',
    async (_, { change, told, about, back, write = insert, seen = row, bad, besides }) => {
      afterwards(async () => {
        await query(green, 'DROP SUBSCRIPTION IF EXISTS flow');
        await query(green, 'DROP TABLE IF EXISTS t, parent; DROP FUNCTION IF EXISTS mark');
        await query(blue, 'DROP PUBLICATION IF EXISTS flow; DROP TABLE t');
      });
      for (const side of [blue, green]) await query(side, `${plain}; INSERT INTO t VALUES (1, 'x', 1)`);
      await query(blue, 'CREATE PUBLICATION flow FOR TABLE t');
      await query(
        green,
        `CREATE SUBSCRIPTION flow CONNECTION '${source}' PUBLICATION flow WITH (copy_data = false)`,
      );
      await query(green, change);
      const none = { blockers: [], warnings: [], back: [] };
      expect(await judge()).toEqual({
        ...none,
        ...(besides && { warnings: [expect.stringMatching(besides)] }),
        ...(told && { [told]: [expect.stringMatching(about as RegExp)] }),
        ...(back && { back: expect.arrayContaining([expect.stringMatching(back)]) }),
      });
      expect(await arrives(write, seen)).toBe(told !== 'blockers');
      if (bad) expect(await arrives(bad, 'EXISTS (SELECT FROM t WHERE id = 3)')).toBe(false);
    },
  );

  it('says nothing of sides that are the same', async () => {
    for (const side of [blue, green]) await query(side, plain);
    expect(await judge()).toEqual({ blockers: [], warnings: [], back: [] });
    for (const side of [blue, green]) await query(side, 'DROP TABLE t');
  });
});
