import type { Answer, Input } from '../contract.ts';
import { splitPosition } from './log.ts';
import { readReplica } from './replica.ts';
import { isFrom, readOne, withKeptSession } from './session.ts';

/** Seconds that the server itself waits for a position. */
const patience = 2;

/**
 * Whether the target has applied everything up to the positions of the fence. The server answers null where nothing applies: that is not arrived,
 * whatever the lag says.
 */
export async function drained(input: Input<'drained'>): Promise<Answer<'drained'>> {
  const wanted = Object.entries(input.positions);
  const [position = ''] = Object.values(input.positions);
  const { target = input, login } = input;
  return withKeptSession({ ...target, login }, async (session) => {
    const { file, offset } = splitPosition(position);
    const wait =
      session.flavour === 'mysql' && isFrom(session, '8.0.26') ? 'SOURCE_POS_WAIT' : 'MASTER_POS_WAIT';
    const { waited } = await readOne<{ waited: number | null }>(
      session,
      `SELECT ${wait}(?, ?, ?) AS waited`,
      [file, offset, patience],
    );
    const replica = await readReplica(session);
    const arrived = waited !== null && Number(waited) >= 0;
    return {
      databases: wanted.map(([database, at]) => ({
        database,
        position: at,
        confirmed: replica?.applied ?? null,
        drained: arrived,
      })),
    };
  });
}
