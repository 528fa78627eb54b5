import { expect, it } from 'vitest';
import { findForeignArns } from '../../../functions/domain/request/foreign-arns.ts';
import { executionArn, request } from '../sample.ts';

const hook = (place: string) => ({ arn: `arn:aws:lambda:${place}:function:viridian-hook-test` });
const secret = (place: string) => ({
  secret: `arn:aws:secretsmanager:${place}:secret:viridian-orders-AbCdEf`,
});
const here = 'eu-central-1:111122223333';

it.each([
  ['a name', { database: 'orders' }, []],
  ['its own account and Region', { database: `arn:aws:rds:${here}:db:orders` }, []],
  ['another Region', { database: 'arn:aws:rds:eu-west-1:111122223333:db:orders' }, ['database']],
  ['another account', { database: 'arn:aws:rds:eu-central-1:999900001111:cluster:orders' }, ['database']],
  ['a hook elsewhere', { hooks: { testGreen: hook('eu-central-1:999900001111') } }, ['hooks.testGreen.arn']],
  ['a secret elsewhere', { wayBack: { login: secret('eu-west-1:111122223333') } }, ['wayBack.login.secret']],
  [
    'a secret of the load test elsewhere',
    { wayBack: { login: {} }, tests: { load: { ...secret('eu-central-1:999900001111'), database: 'shop' } } },
    ['tests.load.secret'],
  ],
  ['a secret here', { wayBack: { login: secret(here) } }, []],
  ['a hook here', { hooks: { testGreen: hook(here) } }, []],
])('%s', (_what, more, fields) => {
  const problems = findForeignArns(request(more), executionArn);
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(fields);
  for (const problem of problems)
    expect(problem).toContain('this run is in account 111122223333, eu-central-1');
});
