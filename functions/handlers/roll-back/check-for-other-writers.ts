import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { task } from '../../tasks/task.ts';

/** Proves on both sides that no session and no prepared transaction can still write. */
export const handler = task(
  'Check for other writers',
  async (event: WayBackEvent): Promise<{ checked: string[] }> => {
    for (const side of ['green', 'target'] as const) {
      const place = await readPlace(event, side);
      const { writers, closed } = await insist('foreign-writers', { ...questionOf(event), ...place });
      const writing = writers.filter(({ writing: writes, prepared }) => writes || prepared !== undefined);
      const open = Object.keys(closed).filter((name) => !closed[name]);
      if (writing.length > 0)
        throw new Busy(
          notYet(
            `on ${side} can still write: ${writing.map(({ role, prepared }) => prepared ?? role).join(', ')}`,
            'end those sessions and prepared transactions, and the program that opens them',
          ),
        );
      if (open.length > 0)
        throw new Busy(
          notYet(`on ${side} accept writes: ${open.join(', ')}`, 'look who has opened these databases again'),
        );
    }
    return { checked: event.wayBack.databases };
  },
);
