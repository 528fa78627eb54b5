import type { Side } from '../../domain/model/deployment.ts';
import { readCoordinates } from '../../domain/way-back/mysql/boundary.ts';
import { readEvents } from '../rds/events.ts';

/** RDS keeps events for two weeks; the switchover was minutes ago. Milliseconds. */
const lookBack = 3_600_000;

/**
 * Where the cut is in the binary log of green, as RDS says it in an event of green's writer; undefined where no such event is there.
 * @param now milliseconds since the epoch
 */
export async function readCutCoordinates(green: Side, now: number): Promise<string | undefined> {
  const events = await readEvents([green.id, ...green.members.map(({ id }) => id)], now - lookBack);
  return events.map(({ message }) => readCoordinates(message)).find((found) => found !== undefined);
}
