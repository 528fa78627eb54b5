import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy } from '../../domain/model/errors.ts';
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
          `on ${side} can still write: ${writing.map(({ role, prepared }) => prepared ?? role).join(', ')}`,
        );
      if (open.length > 0) throw new Busy(`on ${side} accept writes: ${open.join(', ')}`);
    }
    return { checked: event.wayBack.databases };
  },
);
