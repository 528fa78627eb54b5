import { askDatabase, readPlace, settle } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { subtractCounts, type TakenIn } from '../../domain/way-back/taken-in.ts';
import { task } from '../../tasks/task.ts';

/** Counts what was written on green after it had proved that it takes writes. Changes nothing: what becomes of those rows is for a person. */
export const handler = task(
  'Count what green took in',
  async (event: WayBackEvent): Promise<{ takenIn: TakenIn }> => {
    const { changes } = settle(
      await askDatabase('takes-writes', { ...questionOf(event), ...(await readPlace(event, 'green')) }),
    );
    return { takenIn: { rows: subtractCounts(changes, event.wayBack.changes) } };
  },
);
