import { type IsLate, realClock } from '../../real-clock.ts';
import { PairHealth } from '../health.ts';
import { drain, type Link } from '../link.ts';

/** How long a build may take, in real milliseconds. */
export interface BuildLimits {
  /** The whole copy. */
  buildMs: number;
  /** Waiting for transactions that hold up the replication slot. */
  slotMs: number;
}

/** Waits until changes of blue flow to green, which has been subscribed, and everything has arrived that blue had. */
export async function followBlue(link: Link, isLate: IsLate): Promise<void> {
  const health = new PairHealth(link);
  for (let reading = await health.read(); reading.state !== 'replicating'; reading = await health.read()) {
    if (isLate()) throw new Error(`green does not follow blue: ${reading.message}`);
    await realClock.sleep(50);
  }
  await drain(link, isLate, async () => {
    const { state, message } = await health.read();
    if (state === 'degraded' && message?.includes('cannot apply')) throw new Error(message);
  });
}
