import pg from 'pg';
import type { LambdaService } from '../aws/lambda.ts';
import { APP_DATABASE, APP_ROLE } from '../postgres/database.ts';
import { WORKLOAD_SCHEMA } from '../postgres/workload-schema.ts';

const name = 'viridian-hook-test-green';

/**
 * Registers a testGreen hook as a user would write one: it signs in to green as the application and reads.
 * @param saysNo it looks for a row that is not there
 * @returns the hook's ARN
 */
export function registerTestHook(lambda: LambdaService, saysNo: boolean): string {
  const wanted = saysNo ? 'an account that nobody has' : 'all accounts';
  const condition = saysNo ? 'id < 0' : 'true';
  lambda.register(
    name,
    async ({ endpoint }: { endpoint: string }) => {
      const [host, port] = endpoint.split(':');
      const session = new pg.Client({ host, port: Number(port), user: APP_ROLE, database: APP_DATABASE });
      await session.connect();
      try {
        const { rows } = await session.query<{ count: number; version: string }>(
          `SELECT count(*)::int AS count, current_setting('server_version') AS version FROM ${WORKLOAD_SCHEMA}.accounts WHERE ${condition}`,
        );
        const [{ count, version } = { count: 0, version: '' }] = rows;
        const because = `looked for ${wanted} on ${version}: ${count} found`;
        return { verdict: count > 0 ? 'pass' : 'fail', because, facts: { count, version } };
      } finally {
        await session.end();
      }
    },
    { timeoutSeconds: 60 },
  );
  return lambda.arnOf(name);
}
