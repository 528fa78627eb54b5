import { findWindow, findWindowFault } from '../../domain/hold/window.ts';
import type { Window } from '../../domain/model/deployment.ts';
import { NotReadyInTime } from '../../domain/model/errors.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Works out when the maintenance window opens and closes next, and until when an approval is in time. */
export const handler = task('Find the next window', async ({ request }: RunEvent): Promise<Window> => {
  const now = clock.now();
  const window = findWindow(request, now);
  if (window) return window;
  throw new NotReadyInTime(
    findWindowFault(request, now) ?? 'no window is left for the cut; start again with a later one',
  );
});
