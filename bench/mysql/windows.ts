import { setTimeout as sleep } from 'node:timers/promises';
import { judgeWrites } from '../../packages/local-aws/servers/verification.ts';
import { thinkMs } from '../../rehearsal/perform.ts';
import { Workload } from '../../rehearsal/workload/workload.ts';
import type { Trip } from '../windows.ts';
import { bare } from './bare.ts';
import { naive } from './naive.ts';
import { databases, type Pair } from './pair.ts';
import { product } from './product.ts';
import type { Sequence } from './sequence.ts';

export const sequences = [bare, naive, product];

const writers = 8;
/** How long is written before the cut, in between, and after going back. Milliseconds. */
const writeMs = 500;
const betweenMs = 1_500;
let firstWriter = 1;

/**
 * Everything that takes time and is not the sequence itself stands outside of it: green, attaching, counting rows. No pooler holds the application here: in
 * this protocol the server speaks first, so each cut ends every session, and a client that is in the midst of something hears of it.
 */
export async function travel(pair: Pair, sequence: Sequence): Promise<Trip> {
  await pair.buildGreen();
  const options = { writers, firstWriter, thinkMs, ...pair.servers.writers };
  const workload = await Workload.start(pair.port, options);
  firstWriter += writers;
  await sleep(writeMs);
  const { cutMs: cut, securedMs: secured, secured: beginning } = await sequence.cut(pair);
  await pair.ask('fence', { ...pair.sides.target, databases, side: 'target' });
  await pair.ask('attach', { ...pair.sides, databases, secured: beginning });
  await Promise.all([pair.plane.comparisonAtCut(pair.deployment), sleep(betweenMs)]);
  const back = await sequence.back(pair);
  await sleep(writeMs);
  const { writes, errors } = await workload.stop();
  const rows = judgeWrites(await pair.servers.findKeys('blue'), writes);
  await pair.ask('close', { ...pair.sides.target, databases, applicationRoles: [] });
  await pair.removeGreen();
  const clientErrors = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return { cut, secured, back, ...rows, clientErrors };
}
