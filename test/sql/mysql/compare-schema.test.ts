import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaVerdict } from '../../../functions/domain/build/schema.ts';
import { arrive, ask, mariadb, openStage, production, type Stage, target, whyNot } from './stage.ts';

const missing = await whyNot(mariadb);

interface Row {
  /** Of table t: id, note, amount. */
  change: string;
  told: 'blockers' | 'warnings' | null;
  about?: RegExp;
  back?: RegExp;
  seen?: string;
}

const rows: Record<string, Row> = {
  'an added column at the end': {
    change: 'ADD COLUMN extra INT',
    told: 'warnings',
    about: /extra \(int\) is new/,
    back: /extra is gone/,
  },
  'an added column at the end with a default': {
    change: 'ADD COLUMN extra INT NOT NULL DEFAULT 5',
    told: 'warnings',
    about: /extra.*is new/,
    back: /extra is gone/,
    seen: 'extra = 5',
  },
  'a generated column at the end': {
    change: 'ADD COLUMN twice INT AS (amount * 2) STORED',
    told: 'warnings',
    about: /twice.*is new/,
    back: /twice is gone/,
    seen: 'twice = 14',
  },
  'a renamed column': {
    change: 'RENAME COLUMN note TO remark',
    told: 'warnings',
    about: /note is called remark/,
    seen: "remark = 'new'",
  },
  'an index': { change: 'ADD INDEX by_note (note)', told: null },
  'a unique index': {
    change: 'ADD UNIQUE INDEX one_note (note)',
    told: 'warnings',
    about: /new unique index one_note/,
  },
  'a check': {
    change: 'ADD CONSTRAINT small CHECK (amount < 100)',
    told: 'warnings',
    about: /new check small/,
  },
  'another key': {
    change: 'DROP PRIMARY KEY, ADD PRIMARY KEY (id, amount)',
    told: 'warnings',
    about: /key of app\.t\d+ is \(id, amount\) and comes as \(id\)/,
  },
};

const stopping: Record<string, Row> = {
  'a column in the middle': {
    change: 'ADD COLUMN extra VARCHAR(10) AFTER id',
    told: 'blockers',
    about: /place of app\.t.*\.note is taken by extra/,
  },
  'a widened type': {
    change: 'MODIFY amount BIGINT NOT NULL',
    told: 'blockers',
    about: /amount is bigint.* and comes as int/,
  },
};

describe.skipIf(missing)('a changed schema is judged as the binary log does', () => {
  let stage: Stage;
  const names = [...Object.keys(rows), ...Object.keys(stopping)];
  const tableOf = (what: string) => `app.t${names.indexOf(what)}`;
  const judge = () =>
    ask('compare-schema', {
      blue: target(stage),
      green: production(stage),
    } as never) as Promise<SchemaVerdict>;

  beforeAll(async () => {
    stage = await openStage(mariadb);
    for (const what of names)
      await stage.onBlue.query(
        `CREATE TABLE ${tableOf(what)} (id INT PRIMARY KEY, note VARCHAR(10), amount INT NOT NULL) ENGINE=InnoDB`,
      );
    await arrive(stage.onBlue, stage.onGreen);
    expect(await judge()).toEqual({ blockers: [], warnings: [], back: [] });
  }, 120_000);
  afterAll(() => stage?.close());

  const write = (what: string) => stage.onBlue.query(`INSERT INTO ${tableOf(what)} VALUES (2, 'new', 7)`);
  const isThere = async (what: string, seen = 'TRUE') => {
    const [row] = await stage.onGreen.query(
      `SELECT COUNT(*) AS n FROM ${tableOf(what)} WHERE id = 2 AND ${seen}`,
    );
    return Number(row?.n) === 1;
  };

  it.each(Object.entries({ ...rows, ...stopping }))(
    '%s',
    async (what, { change, told: kind, about, back, seen }) => {
      await stage.onGreen.query('SET sql_log_bin = 0');
      await stage.onGreen.query(`ALTER TABLE ${tableOf(what)} ${change}`);
      const found = await judge();
      const own = (of: keyof SchemaVerdict) =>
        found[of].filter(
          (sentence) => sentence.includes(`${tableOf(what)}.`) || sentence.includes(`${tableOf(what)} `),
        );
      expect(own('blockers').length > 0 ? 'blockers' : own('warnings').length > 0 ? 'warnings' : null).toBe(
        kind,
      );
      if (kind && about) expect(own(kind)).toEqual(expect.arrayContaining([expect.stringMatching(about)]));
      if (back) expect(own('back')).toEqual([expect.stringMatching(back)]);
      await write(what);
      if (kind !== 'blockers') return expect.poll(() => isThere(what, seen), { timeout: 20_000 }).toBe(true);
      const error = async () => Number((await stage.onGreen.query('SHOW SLAVE STATUS'))[0]?.Last_SQL_Errno);
      await expect.poll(error, { timeout: 20_000 }).toBeGreaterThan(0);
      expect(await isThere(what)).toBe(false);
      await stage.onGreen.query(`DROP TABLE ${tableOf(what)}`);
      await stage.onGreen.query(
        `CREATE TABLE ${tableOf(what)} (id INT PRIMARY KEY, note VARCHAR(10), amount INT NOT NULL) ENGINE=InnoDB`,
      );
      await stage.onGreen.query('CALL mysql.rds_start_replication()');
      await expect.poll(() => isThere(what), { timeout: 20_000 }).toBe(true);
    },
  );
});
