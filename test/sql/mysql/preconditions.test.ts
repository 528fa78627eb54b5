import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlFound, SqlLook, UpgradePlan } from '../../../functions/domain/preconditions/by-sql/check.ts';
import { checksFor, sqlChecks } from '../../../functions/domain/preconditions/by-sql/list.ts';
import { mysqlEngines } from '../../../functions/domain/preconditions/by-sql/mysql/asking.ts';
import { connectTo } from '../../../packages/local-aws/mysql/connection.ts';
import { setupStatements } from '../../../rehearsal/servers/mysql-setup.ts';
import { mariadbDefects, mysqlDefects, mysqlOthers } from '../../domain/preconditions/mysql-defects.ts';
import { ask, mariadb, mysql, type OneServer, openBlue, placeOf, whyNot } from './stage.ts';

const upgrade: UpgradePlan = { engine: 'mariadb', replication: 'binlog', from: '10.11.18', to: '11.8.5' };

/** What checks found, by their id; without those that found nothing. */
function found(seen: SqlLook): Record<string, string[]> {
  const entries = Object.entries(seen).map(([id, one]) => {
    if ('unreadable' in one) throw new Error(`${id}: ${one.unreadable}`);
    return [id, one.value as SqlFound] as const;
  });
  return Object.fromEntries(
    entries.filter(([, { count }]) => count > 0).map(([id, { names }]) => [id, names]),
  );
}

const look = (stage: OneServer, plan: UpgradePlan) =>
  ask('preconditions', { ...placeOf(stage.blue), plan, told: 12 });

async function run({ onBlue }: OneServer, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await onBlue.query(statement);
}

it('has a defect for every check of the family', () => {
  const covered = new Set([...mariadbDefects, ...mysqlDefects, ...mysqlOthers].map(({ rule }) => rule));
  const ofFamily = sqlChecks.filter(({ engines }) =>
    engines.some((engine) => mysqlEngines.some((one) => one === engine)),
  );
  expect(ofFamily.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

const missing = await whyNot(mariadb);

describe.skipIf(missing)('a MariaDB server', () => {
  let stage: OneServer;
  beforeAll(async () => {
    stage = await openBlue(mariadb);
  }, 120_000);
  afterAll(() => stage?.close());

  it('has nothing in the way where it is prepared', async () => {
    expect(found(await look(stage, upgrade))).toEqual({});
  });

  it.each(mariadbDefects.map((defect) => [defect.what, defect] as const))(
    'has %s, and nothing else, until it is gone',
    async (_what, { rule, make, remove, names }) => {
      await run(stage, make);
      const seen = found(await look(stage, upgrade));
      await run(stage, remove);
      // An event of a strong definer needs its strong definer.
      const beside =
        rule === 'strong-definers' ? { 'strong-accounts': [expect.stringMatching(/^'boss'/)] } : {};
      expect(seen).toEqual({ [rule]: names, ...beside });
      expect(found(await look(stage, upgrade))).toEqual({});
    },
  );

  it('follows another server', async () => {
    await stage.onBlue.query(
      "CALL mysql.rds_set_external_master('127.0.0.1', 1, 'nobody', '', 'log.000001', 4, 0)",
    );
    await stage.onBlue.query('CALL mysql.rds_start_replication()');
    const seen = found(await look(stage, upgrade));
    await stage.onBlue.query('CALL mysql.rds_reset_external_master()');
    expect(seen).toEqual({ 'external-replica': [expect.stringMatching(/^a stream: .*master/)] });
  });

  it('has accounts that MySQL 9 does not let in, and an account of the stream without TLS', async () => {
    const seen = found(await look(stage, { ...upgrade, engine: 'mysql', from: '8.4.7', to: '9.7.1' }));
    expect(seen).toEqual({ 'auth-plugins': mysqlOthers.find(({ rule }) => rule === 'auth-plugins')?.names });
    const { query } = sqlChecks.find(({ id }) => id === 'replication-account-tls') ?? {};
    const withTls = String(query).replace(/COALESCE\(.*'YES'\) = 'YES'/, 'TRUE');
    expect(withTls).not.toBe(query);
    expect(await stage.onBlue.query(withTls)).toEqual([{ found: 'viridian_replication@%' }]);
  });

  it('is asked more as Aurora', async () => {
    await run(stage, ['CREATE DATABASE tmp']);
    const seen = found(await look(stage, { ...upgrade, engine: 'aurora-mysql' }));
    await run(stage, ['DROP DATABASE tmp']);
    expect(seen).toEqual({
      'schema-named-tmp': ['tmp'],
      'binlog-retention': ['binlog retention hours is NULL'],
    });
  });

  /** Five minutes are not waited for here: the query is asked with another limit. */
  it('has a transaction that is left open', async () => {
    const { query } = sqlChecks.find(({ id }) => id === 'long-transactions-mysql') ?? {};
    const soon = String(query).replace('INTERVAL 5 MINUTE', 'INTERVAL -1 MINUTE');
    expect(soon).not.toBe(query);
    const session = await connectTo({ port: stage.blue.port, user: 'app', database: 'app' });
    await session.query('START TRANSACTION');
    await session.query('INSERT INTO orders (writer, n) VALUES (1, 1)');
    // InnoDB looks at its transactions anew once nobody has asked for a tenth of a second.
    await expect
      .poll(() => stage.onBlue.query(soon), { interval: 250, timeout: 10_000 })
      .toEqual([{ found: expect.stringMatching(/^session \d+ of app for \d+ s$/) }]);
    session.end();
  });

  it('says which statements of the setup file are missing, and they mend it', () => requireSetup(stage));

  it('makes only that check unreadable whose table is not there', async () => {
    await run(stage, ['RENAME TABLE mysql.rds_history TO mysql.moved']);
    const seen = await look(stage, upgrade);
    await run(stage, ['RENAME TABLE mysql.moved TO mysql.rds_history']);
    expect(Object.entries(seen).flatMap(([id, one]) => ('unreadable' in one ? [id] : []))).toEqual([
      'following-barred',
    ]);
  });
});

/** Statements that take a part of the setup away, and what "Check the way back" says is to be run. */
const takenAway: [statement: string, told: string][] = [
  ["REVOKE EVENT ON *.* FROM 'viridian'@'%'", "GRANT EVENT ON *.* TO 'viridian'@'%';"],
  ["REVOKE DELETE ON viridian.* FROM 'viridian'@'%'", "GRANT DELETE ON viridian.* TO 'viridian'@'%';"],
  [
    "REVOKE REPLICATION SLAVE ON *.* FROM 'viridian_replication'@'%'",
    "GRANT REPLICATION SLAVE ON *.* TO 'viridian_replication'@'%';",
  ],
  [
    "REVOKE UPDATE ON viridian.probe FROM 'viridian_probe'@'%'",
    "GRANT UPDATE ON viridian.probe TO 'viridian_probe'@'%';",
  ],
  [
    "REVOKE EXECUTE ON PROCEDURE mysql.rds_kill FROM 'viridian'@'%'",
    "GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO 'viridian'@'%';",
  ],
];

async function requireSetup(stage: OneServer): Promise<void> {
  const tell = async () => (await ask('facts', { ...placeOf(stage.blue), applicationRoles: [] })).missing;
  expect(await tell()).toEqual([]);
  for (const [statement, told] of takenAway) {
    await stage.onBlue.query(statement);
    expect(await tell()).toEqual([told]);
    await stage.onBlue.query(told.replace(/;$/, ''));
    expect(await tell()).toEqual([]);
  }
  await stage.onBlue.query('DELETE FROM viridian.fence');
  expect(await tell()).toEqual(['run docs/setup-mysql.sql: a row of schema viridian is missing']);
  for (const statement of setupStatements()) await stage.onBlue.query(statement);
  expect(await tell()).toEqual([]);
}

const missingMysql = await whyNot(mysql);

describe.skipIf(missingMysql)('a MySQL server', () => {
  const plan: UpgradePlan = { engine: 'mysql', replication: 'binlog', from: '8.4.7', to: '9.7.1' };
  let stage: OneServer;
  beforeAll(async () => {
    stage = await openBlue(mysql);
  }, 120_000);
  afterAll(() => stage?.close());

  // It always has TLS, and the setup of this machine asks nobody for it.
  const beside = { 'replication-account-tls': ['viridian_replication@%'] };

  it('answers every check, and has nothing in the way where it is prepared', async () => {
    const seen = await look(stage, plan);
    expect(Object.keys(seen).length).toBe(checksFor(plan).length);
    expect(found(seen)).toEqual(beside);
  });

  it('says which statements of the setup file are missing, and they mend it', async () => {
    await requireSetup(stage);
    await stage.onBlue.query("REVOKE XA_RECOVER_ADMIN ON *.* FROM 'viridian'@'%'");
    const { missing } = await ask('facts', { ...placeOf(stage.blue), applicationRoles: [] });
    await stage.onBlue.query("GRANT XA_RECOVER_ADMIN ON *.* TO 'viridian'@'%'");
    expect(missing).toEqual(["GRANT XA_RECOVER_ADMIN ON *.* TO 'viridian'@'%';"]);
  });

  it.each(mysqlDefects.map((defect) => [defect.what, defect] as const))(
    'has %s, and nothing else, until it is gone',
    async (_what, { rule, make, remove, names }) => {
      await run(stage, make);
      const seen = found(await look(stage, plan));
      await run(stage, remove);
      expect(seen).toEqual({ [rule]: names, ...beside });
      expect(found(await look(stage, plan))).toEqual(beside);
    },
  );
});
