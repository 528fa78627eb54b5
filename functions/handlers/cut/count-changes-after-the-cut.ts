import { askDatabase, readPlace, refuseWhatCannotHeal, settle } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import type { ChangeCounts } from '../../domain/way-back/facts.ts';
import { task } from '../../tasks/task.ts';

/**
 * Notes how many rows new production has changed so far, as soon after the cut as can be. Whatever is written from here until
 * the way back is secured raises the count, and is then not lost silently.
 */
export const handler = task(
  'Count changes after the cut',
  async (event: WayBackEvent): Promise<{ changes: ChangeCounts }> => {
    const reply = await askDatabase('hold-writes', {
      ...questionOf(event),
      ...(await readPlace(event, 'green')),
      applicationRoles: event.request.wayBack.applicationRoles,
    });
    refuseWhatCannotHeal(reply);
    const { changes, writers } = settle(reply);
    const writing = writers.filter((writer) => writer.writing || writer.prepared !== undefined);
    if (writing.length > 0)
      throw new Busy(
        notYet(
          `still writing: ${writing.map(({ role, application }) => `${role} (${application})`).join(', ')}`,
          'name those roles in wayBack.applicationRoles, or stop the programs',
        ),
      );
    if (changes === null)
      throw new Busy(
        notYet(
          'a stream is still applied on new production',
          'look which subscription or replication it is, and whether it is needed',
        ),
      );
    return { changes };
  },
);
