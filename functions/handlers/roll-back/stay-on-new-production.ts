import { openSide } from '../../databases/open-side.ts';
import type { WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Lifts the fence again, after the proof that the target is closed. Only before the endpoint was touched. */
export const handler = task(
  'Stay on new production',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => openSide(event, 'production', 'target'),
);
