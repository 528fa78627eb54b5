import { judgeWindow } from '../../domain/hold/window.ts';
import type { Window } from '../../domain/model/deployment.ts';
import { NotReadyInTime } from '../../domain/model/errors.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  window: Window;
}

/** Ready when the window is open with room for the cut; past that there is no use in waiting on. */
export const handler = wait(
  'Wait for window',
  async ({ request, window }: Event): Promise<Look<{ closesAt: string }>> => {
    const verdict = judgeWindow(window, request.switchover.timeoutSeconds, clock.now());
    if (verdict.kind === 'no') throw new NotReadyInTime(verdict.because);
    return verdict;
  },
);
