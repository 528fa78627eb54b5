import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeLoad } from '../../../functions/domain/load-test/judge.ts';
import type { LoadProgress, StatementResult } from '../../../functions/domain/load-test/progress.ts';
import type { LoadSource } from '../../../functions/domain/load-test/source.ts';
import type { Connection } from '../../../packages/local-aws/mysql/connection.ts';
import type { MysqlServer } from '../../../packages/local-aws/mysql/server/server.ts';
import { mariadb, mysql, type OneServer, openBlue, placeOf, question, whyNot } from './stage.ts';

/** A value of the user's data, as far as a test goes. */
const secret = 's3cr3t-of-a-person';
const setup = [
  'CREATE TABLE app.visits (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, customer INT NOT NULL, note VARCHAR(100), INDEX by_customer (customer))',
  "INSERT INTO app.visits (customer, note) VALUES (1, REPEAT('x', 90))",
  ...Array.from(
    { length: 16 },
    () => 'INSERT INTO app.visits (customer, note) SELECT customer + id * 7919 % 60000, note FROM app.visits',
  ),
  "CREATE USER 'reader'@'%'",
  "GRANT SELECT ON app.* TO 'reader'@'%'",
  'CREATE FUNCTION app.writes() RETURNS INT READS SQL DATA BEGIN DELETE FROM app.visits; RETURN 1; END',
  "GRANT EXECUTE ON FUNCTION app.writes TO 'reader'@'%'",
];

const missing = { mariadb: await whyNot(mariadb), mysql: await whyNot(mysql) };

describe.each([mariadb, mysql].filter(({ flavour }) => !missing[flavour]))(
  'a load test on $flavour $from and $to',
  (versions) => {
    let stage: OneServer;
    let green: MysqlServer;
    let onGreen: Connection;
    /** Nothing follows anything here: both sides hold the same rows, and green lacks an index. */
    beforeAll(async () => {
      stage = await openBlue(versions);
      green = await stage.workspace.startServer('green', versions.to);
      onGreen = await green.connect();
      await onGreen.query('CREATE DATABASE app CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
      for (const on of [stage.onBlue, onGreen]) for (const statement of setup) await on.query(statement);
      await onGreen.query('DROP INDEX by_customer ON app.visits');
      for (const on of [stage.onBlue, onGreen]) await on.query('ANALYZE NO_WRITE_TO_BINLOG TABLE app.visits');
    }, 240_000);
    afterAll(async () => {
      onGreen?.end();
      await stage?.close();
    });

    const asked = (source: LoadSource, more: object = {}) =>
      question('load-step', {
        ...{ blue: placeOf(stage.blue), green: placeOf(green), reader: { user: 'reader' }, source, runs: 3 },
        ...{ withinSeconds: 30, statementSeconds: 5, comparedSeconds: 20 },
        ...more,
      } as never);
    async function run(source: LoadSource, more: object = {}): Promise<LoadProgress> {
      const reply = await asked(source, more);
      if (reply.kind !== 'answer') throw new Error(`${reply.kind}: ${reply.because}`);
      expect(JSON.stringify(reply)).not.toContain(secret);
      return reply.facts as LoadProgress;
    }
    const file = (...statements: string[]): LoadSource => ({ kind: 'file', database: 'app', statements });
    const judge = (progress: LoadProgress) =>
      judgeLoad(progress, { worseThan: { ratio: 2, floorMs: 1 } } as never);
    const count = () =>
      Promise.all([stage.onBlue, onGreen].map((on) => on.query('SELECT COUNT(*) AS n FROM app.visits')));

    it('sees an index that green lacks: it takes longer there, by another plan', async () => {
      const progress = await run(
        file(
          `SELECT note FROM visits WHERE customer = 7920 OR note = '${secret}' AND customer = 3`,
          'SELECT COUNT(*) FROM visits WHERE id < 10',
        ),
      );
      const [worse, alike] = progress.results as [StatementResult, StatementResult];
      expect(worse.plans?.blue).toContain('by_customer');
      expect(worse.plans?.green).toMatch(/^visits ALL/);
      expect(worse.text).toBe('SELECT note FROM visits WHERE customer = ? OR note = ? AND customer = ?');
      expect(alike).toMatchObject({ number: 2, blue: { kind: 'ran', runs: 3 }, green: { kind: 'ran' } });
      expect(judge(progress).worse).toContainEqual(expect.stringMatching(/^no\. 1 .*by another plan/));
    });

    it.each([
      ['a function that writes', 'SELECT app.writes()', /writes|read-only/],
      ['a table that is nowhere', 'SELECT * FROM nothing', /a table is missing/],
      ['a table that the reader may not read', 'SELECT * FROM mysql.user', /may not read a table/],
    ])('changes nothing, and tells %s', async (_what, statement, error) => {
      const before = await count();
      const [{ blue, green: other }] = (await run(file(statement))).results as [StatementResult];
      expect(blue).toMatchObject({ kind: 'failed', error: expect.stringMatching(error) });
      expect(other).toMatchObject({ kind: 'failed' });
      expect(await count()).toEqual(before);
    });

    it('ends a statement that takes too long', async () => {
      const slow = 'SELECT COUNT(*) FROM visits a JOIN visits b ON a.note <> b.note';
      const progress = await run(file(slow), { statementSeconds: 0.5 });
      expect(progress.results).toMatchObject([{ blue: { kind: 'slow' }, green: { kind: 'slow' } }]);
    });

    it('one server for both sides is no answer', async () => {
      expect(await asked(file('SELECT 1'), { green: placeOf(stage.blue) })).toMatchObject({
        kind: 'refused',
        code: 'other-server',
      });
    });

    it('takes the statements of the server where it keeps samples, whose values stay there', async () => {
      const app = await stage.blue.connect('app');
      for (let round = 0; round < 3; round += 1)
        await app.query(`SELECT note FROM visits WHERE customer = 7920 AND note <> '${secret}'`);
      app.end();
      const top: LoadSource = { kind: 'top', database: 'app', count: 20 };
      if (versions.flavour === 'mariadb') {
        expect(await asked(top)).toMatchObject({ kind: 'refused', code: 'no-statements' });
        return;
      }
      const progress = await run(top);
      const byApp = progress.results.find(({ text }) => text.includes('note <>')) as StatementResult;
      expect(byApp).toMatchObject({
        blue: { kind: 'ran' },
        plans: { blue: expect.stringContaining('by_customer') },
      });
      expect(judge(progress).blockers).toEqual([]);
    });
  },
);
