import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../packages/local-aws/postgres/database.ts';
import { findKeys } from '../packages/local-aws/postgres/verify.ts';
import { judgeWrites } from '../packages/local-aws/servers/verification.ts';
import { Workload } from '../rehearsal/workload/workload.ts';
import { bare } from './bare.ts';
import { naive } from './naive.ts';
import { databases, type Pair } from './pair.ts';
import { product } from './product.ts';
import type { Sequence } from './sequence.ts';

export const sequences = [bare, naive, product];

/** One way there and back under live writers. Milliseconds. */
export interface Trip {
  cut: number;
  secured: number | null;
  back: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  /** Of clients whose sessions a pooler can hold. */
  clientErrors: number;
}

const writers = 8;
/** How long is written before the cut and after going back; between, the local RDS compares both sides a second after its cut. Milliseconds. */
const writeMs = 500;
const betweenMs = 1_500;
let firstWriter = 1;

/** Everything that takes time and is not the sequence itself stands outside of it: green, attaching, counting rows. */
export async function travel(pair: Pair, sequence: Sequence): Promise<Trip> {
  await pair.buildGreen();
  const workload = await Workload.start(pair.pooler.port, { writers, firstWriter });
  firstWriter += writers;
  await sleep(writeMs);
  const { cutMs: cut, securedMs: secured } = await held(pair, sequence, () => sequence.cut(pair));
  // A procedure that lets a client prepare in the last moment leaves that on blue, and no fence closes over it.
  if (!sequence.opensFence) await endPrepared(pair.blue.sql);
  await pair.ask('fence', { ...pair.sides.target, databases });
  await pair.ask('attach', { ...pair.sides, databases });
  // The other procedures open blue by means of their own.
  if (!sequence.opensFence) await pair.blue.sql.query('SELECT viridian.open_database()');
  await Promise.all([pair.plane.comparisonAtCut(pair.deployment), sleep(betweenMs)]);
  const back = await held(pair, sequence, () => sequence.back(pair));
  await sleep(writeMs);
  const { writes, errorsOfPooled } = await workload.stop();
  const rows = judgeWrites(await findKeys(pair.blue), writes);
  for (const place of Object.values(pair.sides))
    await pair.ask('close', { ...place, databases, applicationRoles: [] });
  await pair.removeGreen();
  const clientErrors = Object.values(errorsOfPooled).reduce((sum, count) => sum + count, 0);
  return { cut, secured, back, ...rows, clientErrors };
}

/** None of them was acknowledged. */
async function endPrepared(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ end: string }>(
    "SELECT format('ROLLBACK PREPARED %L', gid) AS end FROM pg_prepared_xacts WHERE database = current_database()",
  );
  for (const { end } of rows) await sql.query(end);
}

async function held<T>(pair: Pair, { holds }: Sequence, work: () => Promise<T>): Promise<T> {
  if (!holds) return work();
  await pair.hold();
  const result = await work();
  await pair.release();
  return result;
}
