import { openSide } from '../runtime/open-side.ts';
import { task } from '../runtime/task.ts';
import type { WayBackEvent } from '../runtime/way-back-event.ts';

/** Lifts the fence again, after the proof that the target is closed. Only before the endpoint was touched. */
export const handler = task(
  'Stay on new production',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => openSide(event, 'production', 'target'),
);
