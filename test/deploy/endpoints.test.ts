import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { functionKeys } from '../../deploy/functions.ts';
import { functionStatements, trace, writeLog } from '../../deploy/roles.ts';
import { fullSettings } from './default-settings.ts';

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'deploy.md'), 'utf8');
const row = page.split('\n').find((line) => line.includes('It needs endpoints for')) ?? '';

/** Services as docs/deploy.md calls them, by their prefix in IAM. */
const names: Record<string, string> = {
  cloudwatch: 'CloudWatch',
  kms: 'KMS',
  lambda: 'Lambda',
  logs: 'Logs',
  rds: 'RDS',
  route53: 'Route 53',
  secretsmanager: 'Secrets Manager',
  sns: 'SNS',
  states: 'Step Functions',
  xray: 'X-Ray',
};
/** `iam:PassRole` is no call, and `rds-db:connect` is a connection to the database itself. */
const withoutCalls = ['iam', 'rds-db'];

it('a network of yours leads to every service that a function calls, as docs/deploy.md lists them', () => {
  const statements = [
    writeLog([...functionKeys], fullSettings),
    trace,
    ...functionKeys.flatMap((key) => functionStatements(key, fullSettings)),
  ];
  const prefixes = statements.flatMap(({ actions }) => actions.map((action) => action.split(':')[0] ?? ''));
  const called = [...new Set(prefixes)].filter((prefix) => !withoutCalls.includes(prefix));
  expect(called.toSorted()).toEqual(Object.keys(names).toSorted());
  for (const prefix of called) expect(row).toContain(names[prefix]);
});
