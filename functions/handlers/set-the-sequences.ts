import { requireMark } from '../aws/going-back-mark.ts';
import { Busy } from '../domain/errors.ts';
import { insist, readBothPlaces } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Sets every sequence of the target to exactly where it stands on the fenced side: replication does not carry them. */
export const handler = task('Set the sequences', async (event: WayBackEvent): Promise<{ set: number }> => {
  await requireMark(event);
  const { set, differing } = await insist('set-sequences', {
    ...questionOf(event),
    ...(await readBothPlaces(event.deployment)),
  });
  if (differing.length > 0) throw new Busy(`still differ: ${differing.join(', ')}`);
  return { set };
});
