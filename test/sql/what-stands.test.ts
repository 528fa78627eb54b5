import { afterEach, describe, expect, it } from 'vitest';
import { read } from '../../functions/domain/model/reading.ts';
import { listStanding } from '../../functions/domain/outcome/standing.ts';
import type { Standing } from '../../functions/domain/outcome/standing-facts.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import {
  applicationRoles,
  ask,
  databases,
  openCutStage,
  openStreamStage,
  placeOf,
  readPrivileges,
} from './stage.ts';

let plane: PostgresDataPlane | undefined;
afterEach(() => plane?.dispose());

/** What the list says of both servers, as every end and the hourly look take it. */
async function listAll(on: PostgresDataPlane): Promise<Standing[]> {
  const sides = await Promise.all(
    (['db-green', 'db-blue'] as const).map(async (resourceId) => {
      const place = placeOf(on, resourceId);
      const now = {
        id: resourceId,
        arn: `arn:aws:rds:eu-west-1:123456789012:db:${resourceId}`,
        resourceId,
        endpoint: `${place.host}:${place.port}`,
        deletionProtection: false,
      };
      const role = resourceId === 'db-green' ? ('green' as const) : ('blue' as const);
      const inside = read(await ask('leftovers', { ...place, databases, applicationRoles }));
      return { role, isCluster: false, now, inside };
    }),
  );
  return listStanding({ sides, production: 'db-green' });
}

/** Executes what a line advises, as the master user, in the database and on the server that it names. */
async function execute(on: PostgresDataPlane, { remove, resourceId }: Standing): Promise<void> {
  if (!('sql' in remove)) throw new Error('a statement was expected');
  const { server } = on.database(resourceId);
  expect(remove.address).toBe(`127.0.0.1:${server.port}`);
  await withSession(ownerConnection(server, remove.database), (client) => client.query(remove.sql));
}

const kindsOf = (found: Standing[]) => found.map(({ kind }) => kind);

describe('what stands on real servers, and is gone after the advised statement', () => {
  it('a run that was stopped in the cut: one statement lets every role go, each with the limit that it had', async () => {
    plane = await openCutStage();
    const { sql } = plane.database('db-green');
    // A limit of its own, which the gate remembers from now on.
    await ask('release-writes', { ...placeOf(plane, 'db-green'), databases, applicationRoles });
    await sql.query('ALTER ROLE app CONNECTION LIMIT 17');
    await ask('hold-writes', { ...placeOf(plane, 'db-green'), databases, applicationRoles });

    const found = await listAll(plane);
    expect(kindsOf(found)).toEqual(['held roles']);
    expect(found[0]).toMatchObject({ hurts: true, on: expect.stringMatching(/^new production/) });
    await execute(plane, found[0] as Standing);

    expect(await listAll(plane)).toEqual([]);
    const { rows } = await sql.query('SELECT rolconnlimit FROM pg_roles WHERE rolname = $1', ['app']);
    expect(rows).toEqual([{ rolconnlimit: 17 }]);
    const { writable } = await ask('probe-write', {
      ...placeOf(plane, 'db-green'),
      databases,
      applicationRoles,
    });
    expect(writable).toEqual({ app: true });
  });

  it('a hold that somebody has undone by half is still named', async () => {
    plane = await openCutStage();
    await plane.database('db-green').sql.query('ALTER ROLE app RESET default_transaction_read_only');
    const [held] = await listAll(plane);
    expect(held?.what).toContain('app');
  });

  it('a run that was stopped in the bake: its way back is gone after the list was executed from end to end', async () => {
    plane = await openStreamStage();
    const privileges = await readPrivileges(plane, 'db-green');
    const found = await listAll(plane);
    expect(kindsOf(found).toSorted()).toEqual(['closed database', 'publication', 'slot', 'subscription']);
    expect(found.filter(({ hurts }) => hurts).map(({ kind }) => kind)).toEqual(['slot']);
    // In the order that "safe" gives: the subscription reads from the slot, and the publication belongs to it.
    for (const kind of ['subscription', 'slot', 'publication'] as const) {
      const line = found.find((one) => one.kind === kind) as Standing;
      if (kind === 'slot') await untilUnread(plane);
      await execute(plane, line);
    }
    expect(kindsOf(await listAll(plane))).toEqual(['closed database']);
    const { rows } = await plane.database('db-green').sql.query('SELECT FROM pg_replication_slots');
    expect(rows).toEqual([]);

    // And, where blue is to serve after all: the fence gives back exactly what it has taken.
    await execute(plane, found.find(({ kind }) => kind === 'closed database') as Standing);
    expect(await listAll(plane)).toEqual([]);
    expect(await readPrivileges(plane, 'db-blue')).toEqual(privileges);
  });
});

/** The sender of a subscription that is gone takes a moment to leave. */
async function untilUnread(on: PostgresDataPlane): Promise<void> {
  for (;;) {
    const { rows } = await on.database('db-green').sql.query('SELECT FROM pg_replication_slots WHERE active');
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
