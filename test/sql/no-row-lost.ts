import { expect } from 'vitest';
import type { Place } from '../../functions/sql/contract.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { checkSequences, verifyWrites } from '../../packages/local-aws/postgres/verify.ts';
import type { Writability } from '../../rehearsal/invariants/evidence.ts';
import { WriteObserver } from '../../rehearsal/observe.ts';
import { Workload } from '../../rehearsal/workload/workload.ts';
import { nothingLeft } from '../domain/sample.ts';
import {
  applicationRoles,
  ask,
  databases,
  type Given,
  hasPassword,
  production,
  readPrivileges,
  target,
} from './stage.ts';

/** Two who write by the name of production, and one who looks which side takes writes. */
export interface Watched {
  workload: Workload;
  observer: WriteObserver;
  /** Of blue, before anything was closed. */
  privileges: string[];
}

export async function writeAndWatch(plane: PostgresDataPlane): Promise<Watched> {
  const observer = new WriteObserver(
    plane,
    () => ['db-blue', 'db-green'],
    () => performance.now(),
  );
  observer.start();
  return {
    observer,
    privileges: await readPrivileges(plane, 'db-blue'),
    workload: await Workload.start(plane.endpoint('shop').port, { writers: 2, thinkMs: 10 }),
  };
}

/**
 * Once production is back on blue: no row is lost or doubled, one side at most took writes at any time, blue is as open as it was before,
 * new production can be opened again, and closing leaves nothing.
 */
export async function expectWhole(
  plane: PostgresDataPlane,
  { workload, observer, privileges }: Watched,
  close: (what: 'close', input: Given<'close'>) => Promise<unknown>,
): Promise<void> {
  const { writes } = await workload.stop();
  await observer.stop();
  expect(findTwoWriters(observer.changes)).toEqual([]);
  const blue = plane.database('db-blue');
  expect(await verifyWrites(blue, writes)).toMatchObject({ lost: 0, doubled: 0 });
  expect((await checkSequences(blue)).filter(({ ahead }) => !ahead)).toEqual([]);
  const { sql: green } = plane.database('db-green');
  expect(await readPrivileges(plane, 'db-blue')).toEqual(privileges);
  await green.query('SELECT viridian.open_database()');
  expect(await readPrivileges(plane, 'db-green')).toEqual(privileges);
  const unlimited = "SELECT FROM pg_roles WHERE rolname IN ('app', 'viridian_probe') AND rolconnlimit = -1";
  for (const { sql } of [blue, plane.database('db-green')])
    expect((await sql.query(unlimited)).rowCount).toBe(2);
  const places: Place[] = [production(plane), target(plane)];
  for (const place of places) {
    await close('close', { ...place, databases, applicationRoles });
    expect(await ask('leftovers', { ...place, databases, applicationRoles })).toEqual(nothingLeft);
    expect(await hasPassword(plane, place.resourceId)).toBe(false);
  }
}

/** Moments at which more than one database took writes. */
function findTwoWriters(changes: Writability[]): number[] {
  const open = new Set<string>();
  return changes.flatMap(({ at, resourceId, writable }) => {
    if (writable) open.add(resourceId);
    else open.delete(resourceId);
    return open.size > 1 ? [at] : [];
  });
}
