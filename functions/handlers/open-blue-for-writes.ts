import { openSide } from '../runtime/open-side.ts';
import { task } from '../runtime/task.ts';
import type { WayBackEvent } from '../runtime/way-back-event.ts';

/** Opens the target, after the proof that new production is closed: at no instant do both accept writes. */
export const handler = task(
  'Open blue for writes',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => openSide(event, 'target', 'production'),
);
