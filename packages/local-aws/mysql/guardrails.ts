import { type Link, readLink } from './link.ts';
import { isReadOnly, preparedTransactions } from './read-only.ts';
import { OWNER } from './server/server.ts';

/**
 * The guardrails that RDS runs before a switchover, as far as they concern data. All reasons are reported.
 * Source: Amazon RDS User Guide, "Switchover guardrails" for blue/green deployments.
 */
export async function findGuardrails(link: Link, longTransactionSeconds: number): Promise<string[]> {
  const { blue, green } = link;
  const { state, message } = await readLink(link);
  const long = await blue.sql.query(
    `SELECT t.trx_mysql_thread_id AS id, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS seconds, p.user AS user
       FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
      WHERE p.user NOT IN ('${OWNER}', 'system user') AND t.trx_started < NOW() - INTERVAL ? SECOND`,
    [longTransactionSeconds],
  );
  const prepared = await preparedTransactions(blue);
  return [
    ...(state === 'replicating' ? [] : [`Replication to green is ${state}: ${message}.`]),
    ...long.map(
      ({ id, seconds, user }) =>
        `A transaction on blue has been open for ${Number(seconds)} s (session ${Number(id)}, account ${String(user)}).`,
    ),
    ...prepared.map((name) => `Blue holds the prepared transaction "${name}".`),
    ...((await isReadOnly(green)) ? [] : ['Green accepts writes of applications.']),
  ];
}
