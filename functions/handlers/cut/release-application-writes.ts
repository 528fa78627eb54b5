import { insist, readGreenPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy } from '../../domain/model/errors.ts';
import { task } from '../../tasks/task.ts';

/**
 * Opens the role gate. It only ever stands on green, whichever side serves: where blue serves, green must not keep a gate that a
 * later run would bring into production.
 */
export const handler = task(
  'Release application writes',
  async (event: WayBackEvent): Promise<{ released: string[] }> => {
    const { released, stillHeld } = await insist('release-writes', {
      ...questionOf(event),
      ...(await readGreenPlace(event)),
      applicationRoles: event.request.wayBack.applicationRoles,
    });
    if (stillHeld.length > 0) throw new Busy(`still read-only: ${stillHeld.join(', ')}`);
    return { released };
  },
);
