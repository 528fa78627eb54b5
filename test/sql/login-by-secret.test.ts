import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseCredentials } from '../../functions/aws/database-credentials.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
import { evaluate } from '../../packages/local-aws/iam/evaluate.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { type Account, openAccount } from '../../rehearsal/account.ts';
import { applicationRoles, openBlueStage, placeOf, RUN } from './stage.ts';

/** The whole way of a login that is a secret: the local Secrets Manager, with the role of the function, and a server that asks for a password. */
let plane: PostgresDataPlane;
let account: Account;
beforeAll(async () => {
  plane = await openBlueStage();
  const { server } = plane.database('db-blue');
  await withSession(ownerConnection(server, 'app'), (client) =>
    client.query("ALTER ROLE viridian PASSWORD 'right'"),
  );
  const rules = join(server.dataDirectory, 'pg_hba.conf');
  writeFileSync(rules, `host all viridian 127.0.0.1/32 scram-sha-256\n${readFileSync(rules, 'utf8')}`);
  await withSession(ownerConnection(server, 'app'), (client) => client.query('SELECT pg_reload_conf()'));
  const clock = new ScaledClock(1);
  account = await openAccount({ clock, dataPlane: new SimulatedDataPlane(clock) });
  configureSql({ credentials: databaseCredentials, tls: 'off' });
}, 120_000);
afterAll(async () => {
  account.close();
  await plane.dispose();
});

const secretWith = (password: string, name = 'viridian-orders') =>
  account.secrets.put(name, JSON.stringify({ username: 'viridian', password }));

async function ask(secret: string): Promise<unknown> {
  const question = { ask: 'facts', executionArn: RUN, login: { user: 'viridian', secret }, applicationRoles };
  const result = await account.lambda.invoke('viridian-rehearsal-sqlPostgres', {
    ...question,
    ...placeOf(plane, 'db-blue'),
  });
  return 'payload' in result ? result.payload : result;
}

test('signs in with the password of the secret', async () => {
  expect(await ask(secretWith('right'))).toMatchObject({ kind: 'answer' });
});

test('is refused with another password, and says which code', async () => {
  expect(await ask(secretWith('wrong'))).toMatchObject({ kind: 'failed', code: '28P01' });
});

test('may read no secret whose name does not begin as the role says', async () => {
  expect(await ask(secretWith('right', 'orders'))).toMatchObject({
    kind: 'failed',
    code: 'AccessDeniedException',
  });
});

test('hears of a secret that is not there', async () => {
  const secret = secretWith('right').replace(/.{6}$/, 'absent');
  expect(await ask(secret)).toMatchObject({ kind: 'failed', code: 'ResourceNotFoundException' });
});

test('reads no secret without the statement of its role', async () => {
  const [role] = [...account.access.roles.values()].filter(({ arn }) => arn.endsWith('SqlPostgresRole'));
  if (!role) throw new Error('the function that speaks SQL has no role');
  const others = role.policies.map(({ Statement }) => ({
    Statement: Statement.filter(({ Action }) => ![Action].flat().includes('secretsmanager:GetSecretValue')),
  }));
  account.access.replace(role.arn, others);
  expect(await ask(secretWith('right'))).toMatchObject({ kind: 'failed', code: 'AccessDeniedException' });
  account.access.replace(role.arn, role.policies);
});

test('may sign in by IAM as the one user that a request without a secret may name', () => {
  const [role] = [...account.access.roles.values()].filter(({ arn }) => arn.endsWith('SqlPostgresRole'));
  const connect = (user: string) =>
    evaluate(role?.policies ?? [], {
      action: 'rds-db:connect',
      resource: `arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL/${user}`,
    }).kind;
  expect(connect('viridian')).toBe('allowed');
  expect(connect('viridian_2')).toBe('not-allowed');
  expect(connect('postgres')).toBe('not-allowed');
});
