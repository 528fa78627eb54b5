import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { functionStatements } from '../../deploy/roles.ts';
import { fullSettings } from './default-settings.ts';

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'deploy.md'), 'utf8');
const row = page.split('\n').find((line) => line.includes('It needs an endpoint for')) ?? '';

/** Services as docs/deploy.md calls them, by their prefix in IAM. */
const names: Record<string, string> = { secretsmanager: 'Secrets Manager' };
/** A connection to the database itself. Logs and traces of a function are delivered by Lambda, outside its network. */
const withoutCalls = ['rds-db'];

it('a network of yours leads to every service that the function in it calls, as docs/deploy.md lists them', () => {
  const prefixes = functionStatements('sqlPostgres', fullSettings).flatMap(({ actions }) =>
    actions.map((action) => action.split(':')[0] ?? ''),
  );
  const called = [...new Set(prefixes)].filter((prefix) => !withoutCalls.includes(prefix));
  expect(called).toEqual(Object.keys(names));
  for (const prefix of called) expect(row).toContain(names[prefix]);
});
