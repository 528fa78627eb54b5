import { insist, readMarkedPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { task } from '../../tasks/task.ts';

/** Sets every sequence of the target to exactly where it stands on the fenced side: replication does not carry them. */
export const handler = task('Set the sequences', async (event: WayBackEvent): Promise<{ set: number }> => {
  const { set, differing } = await insist('set-sequences', {
    ...questionOf(event),
    ...(await readMarkedPlaces(event)),
  });
  if (differing.length > 0)
    throw new Busy(
      notYet(
        `sequences still differ: ${differing.join(', ')}`,
        'look who still draws from them on new production',
      ),
    );
  return { set };
});
