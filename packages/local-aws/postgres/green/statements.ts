import { escapeIdentifier } from 'pg';
import type { IsLate } from '../../real-clock.ts';
import { type Database, otherDatabase, serviceConnection, withSession } from '../database.ts';
import { describeOrigin } from '../dump/origin.ts';
import { setReadOnly } from '../fence.ts';
import { createSlot, type Link, linksOf, publish, subscribe } from '../link.ts';
import { copyRoles } from '../roles.ts';
import { filledViewsOf, tablesOf } from '../tables.ts';
import { copyRows } from './copy-rows.ts';
import { UpgradeRefused, wayOn } from './upgrade-refused.ts';

/**
 * Green by statements: what made blue's schema is run once more on an empty server of the new major, and rows are copied by SQL. An
 * approximation of what RDS does, for machines without PostgreSQL's own programs: nothing is upgraded, so what only pg_upgrade
 * refuses is found by looking for it.
 */
export async function makeByStatements(
  link: Link,
  limits: { slotMs: number; isLate: IsLate },
  onProgress: (percent: number) => void,
): Promise<void> {
  await copyRoles(link.blue, link.green);
  for (const { name } of link.blue.others)
    await otherDatabase(link.green, name, { make: !isEverywhere(name) });
  const parts = linksOf(link);
  const watches: TriggerWatch[] = [];
  for (const { blue, green } of parts) watches.push(await copySchema(blue, green));
  await setReadOnly(link.green, true);
  await publish(link);
  const progress = await measure(parts, onProgress);
  for (const part of parts)
    await createSlot(part, limits.slotMs, (snapshot) => copyRows(part, snapshot, limits.isLate, progress));
  for (const { blue, green } of parts) await fillViews(blue, green);
  for (const watch of watches) await watch.enable();
  for (const part of parts) await subscribe(part);
}

/** Databases that every server has. */
const isEverywhere = (name: string) => name === 'postgres' || name === 'template1';

async function measure(
  parts: Link[],
  onProgress: (percent: number) => void,
): Promise<(bytes: number) => void> {
  const tables = (await Promise.all(parts.map(({ blue }) => tablesOf(blue.sql)))).flat();
  const total = tables.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    onProgress(Math.min(95, Math.floor((95 * done) / Math.max(1, total))));
  };
}

/** In one session, as statements of a dump rely on settings that were made before them. */
async function copySchema(blue: Database, green: Database): Promise<TriggerWatch> {
  await withSession(serviceConnection(green), async (client) => {
    for (const statement of blue.schema)
      await client.query(statement.sql).catch((failure: Error) => {
        throw new UpgradeRefused(
          `a statement that blue has taken fails on green: ${failure.message} (${describeOrigin(statement)}). ${wayOn}.`,
          { cause: failure },
        );
      });
  });
  green.schema.push(...blue.schema);
  const there = new Set((await tablesOf(green.sql)).map((table) => table.name));
  const missing = (await tablesOf(blue.sql)).filter(({ name }) => !there.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Error(
      `blue has tables that were not made through the rehearsal's loader, so they cannot be made on green: ${missing.join(', ')}.`,
    );
  }
  return TriggerWatch.disable(green);
}

/** Triggers that fire on replicas as well would make rows of their own out of those that are copied, which are complete. */
class TriggerWatch {
  readonly #green: Database;
  readonly #triggers: Trigger[];

  private constructor(green: Database, triggers: Trigger[]) {
    this.#green = green;
    this.#triggers = triggers;
  }

  static async disable(green: Database): Promise<TriggerWatch> {
    const { rows } = await green.sql.query<Trigger>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS owner, t.tgname AS name, CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END AS word
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE t.tgenabled IN ('A', 'R') AND NOT t.tgisinternal AND c.relkind = 'r'`,
    );
    const watch = new TriggerWatch(green, rows);
    await watch.#alter(() => 'DISABLE');
    return watch;
  }

  enable(): Promise<void> {
    return this.#alter(({ word }) => `ENABLE ${word}`);
  }

  async #alter(how: (trigger: Trigger) => string): Promise<void> {
    await withSession(serviceConnection(this.#green), async (client) => {
      for (const trigger of this.#triggers)
        await client.query(
          `ALTER TABLE ONLY ${trigger.owner} ${how(trigger)} TRIGGER ${escapeIdentifier(trigger.name)}`,
        );
    });
  }
}

interface Trigger {
  owner: string;
  name: string;
  word: string;
}

async function fillViews(blue: Database, green: Database): Promise<void> {
  const names = await filledViewsOf(blue.sql);
  await withSession(serviceConnection(green), async (client) => {
    for (const name of names) await client.query(`REFRESH MATERIALIZED VIEW ${name}`);
  });
}
