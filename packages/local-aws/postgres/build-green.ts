import { APP_DATABASE, type Database, ownerConnection, withSession } from './database.ts';
import { setReadOnly } from './fence.ts';
import { LinkHealth, lastWorkerError } from './health.ts';
import { connectLink, drain, type Link } from './link.ts';
import { lateAfter, realClock } from './real-clock.ts';
import { copyRoles } from './roles.ts';
import { copySequences } from './sequences.ts';
import { type Table, tablesOf } from './tables.ts';

/** How long a build may take, in real milliseconds. */
export interface BuildLimits {
  /** The whole copy. */
  buildMs: number;
  /** Waiting for transactions that hold up the replication slot. */
  slotMs: number;
}

/**
 * What a publication would break or leave out, so that RDS builds no green: every table or object, and what to do about it. Undefined when
 * everything can be copied.
 */
export async function findUncopyable(blue: Database): Promise<string | undefined> {
  const tables = await tablesOf(blue.sql);
  const keyless = tables.filter((table) => table.keyless).map((table) => table.name);
  if (keyless.length > 0)
    return `these tables have neither a primary key nor another replica identity, so UPDATE and DELETE on them would fail on blue as soon as it is replicated: ${keyless.join(', ')}. Add a primary key, or ALTER TABLE … REPLICA IDENTITY FULL.`;
  const { rows } = await blue.sql.query<{ count: number }>(
    'SELECT count(*)::int FROM pg_largeobject_metadata',
  );
  return rows[0]?.count
    ? `blue holds ${rows[0].count} large objects, which logical replication does not carry over.`
    : undefined;
}

/** @throws Error with what {@link findUncopyable} finds, before anything is made. */
export async function assertCopyable(blue: Database): Promise<void> {
  const found = await findUncopyable(blue);
  if (found) throw new Error(found);
}

/** Makes green's roles and schema out of blue's, and closes it for applications. */
export async function copySchema(blue: Database, green: Database): Promise<void> {
  await copyRoles(blue, green);
  await runInOrder(green, blue.schema);
  green.schema.push(...blue.schema);
  green.afterCopy.push(...blue.afterCopy);
  await setReadOnly(green, true);
  const there = new Set((await tablesOf(green.sql)).map((table) => table.name));
  const missing = (await tablesOf(blue.sql))
    .filter((table) => !there.has(table.name))
    .map((table) => table.name);
  if (missing.length > 0) {
    throw new Error(
      `blue has tables that were not made through the rehearsal's loader, so they cannot be made on green: ${missing.join(', ')}.`,
    );
  }
}

/** Starts replication and waits until every row that blue had is on green and changes flow. */
export async function copyRows(
  link: Link,
  limits: BuildLimits,
  onProgress: (percent: number) => void,
): Promise<void> {
  const isLate = lateAfter(limits.buildMs);
  const total = sizeOf(await tablesOf(link.blue.sql));
  await connectLink(link, limits.slotMs);
  const health = new LinkHealth(link);
  for (;;) {
    if ((await health.read()).state === 'replicating') break;
    await assertCopying(link);
    if (isLate()) throw new Error(`green was not copied in ${limits.buildMs / 60_000} minutes`);
    const copied = sizeOf(await tablesOf(link.green.sql));
    onProgress(total === 0 ? 0 : Math.min(95, Math.floor((95 * copied) / total)));
    await realClock.sleep(50);
  }
  await drain(link, isLate);
  await copySequences(link.blue, link.green);
  await runInOrder(link.green, link.green.afterCopy);
  onProgress(100);
}

/** In one session, as statements of a dump rely on settings that were made before them. */
async function runInOrder(database: Database, statements: string[]): Promise<void> {
  await withSession(ownerConnection(database.server, APP_DATABASE), async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

function sizeOf(tables: Table[]): number {
  return tables.reduce((sum, table) => sum + Number(table.bytes), 0);
}

/** A copy that fails is started again for ever; the third failure of the same build is taken as final. */
async function assertCopying(link: Link): Promise<void> {
  const { rows } = await link.green.sql.query<{ errors: number }>(
    `SELECT coalesce(sum(apply_error_count + sync_error_count), 0)::int AS errors
       FROM pg_stat_subscription_stats WHERE subname = $1`,
    [link.name],
  );
  if ((rows[0]?.errors ?? 0) >= 3)
    throw new Error(`the rows cannot be copied to green: ${lastWorkerError(link)}`);
}
