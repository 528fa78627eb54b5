import { readFileSync } from 'node:fs';

const setup = new URL('../../docs/setup-mysql.sql', import.meta.url);

/**
 * The statements of the setup file, one by one, as the master user runs them on a server of this machine: it has no plugin of IAM and no TLS, and trusts
 * whoever comes.
 */
export function setupStatements(): string[] {
  return statementsOf(readFileSync(setup, 'utf8'))
    .map((statement) =>
      statement.replaceAll(/ IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'| REQUIRE SSL/g, ''),
    )
    .filter((statement) => statement !== '');
}

/** Plain statements: none holds a semicolon of its own, and comments are lines. */
export function statementsOf(sql: string): string[] {
  return sql
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim());
}
