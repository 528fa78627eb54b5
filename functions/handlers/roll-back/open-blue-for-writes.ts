import { openSide } from '../../databases/open-side.ts';
import type { WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Opens the target, after the proof that new production is closed: at no instant do both accept writes. */
export const handler = task(
  'Open blue for writes',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => openSide(event, 'target', 'production'),
);
