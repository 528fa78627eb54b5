import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../packages/local-aws/mysql/database.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import { databases } from './pair.ts';
import type { Sequence } from './sequence.ts';
import { endClientsOnce, forget, positionOf, setReadOnly } from './steps.ts';

/** How often it looks whether the lag is gone. Milliseconds. */
const lookEvery = 100;

/**
 * What is often written down as a procedure: read_only, sessions cut once, a lag of zero waited for, opened; where the way back begins is what SHOW MASTER
 * STATUS says once writes flow again. It proves nothing, and what was written before that look is not carried back.
 */
export const naive: Sequence = {
  name: 'naive',
  async cut(pair) {
    const { blue, green } = pair;
    const began = realClock.now();
    await move(blue, green);
    await pair.lead(pair.greenId);
    const cutMs = realClock.now() - began;
    await sleep(lookEvery);
    const { file, offset } = await positionOf(green);
    const [database = ''] = databases;
    const start = `${file}:${offset}`;
    const secured = [{ database, slot: file, asked: '', start, origin: blue.server.serverId, early: false }];
    return { cutMs, securedMs: null, secured };
  },
  async back(pair) {
    const began = realClock.now();
    await move(pair.green, pair.blue);
    await pair.lead('blue');
    return realClock.now() - began;
  },
};

async function move(from: Database, to: Database): Promise<void> {
  await setReadOnly(from, true);
  await endClientsOnce(from);
  for (let lag: unknown = null; Number(lag) !== 0 || lag === null; await sleep(lookEvery)) {
    const [row] = await to.sql.query('SHOW SLAVE STATUS');
    lag = row?.Seconds_Behind_Master ?? null;
  }
  await forget(to);
  await setReadOnly(to, false);
}
