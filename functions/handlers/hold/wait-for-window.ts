import { judgeWindow } from '../../domain/hold/window.ts';
import type { Window } from '../../domain/model/deployment.ts';
import { NotReadyInTime } from '../../domain/model/errors.ts';
import { type Reads, roomForSteps } from '../../domain/read-ramp/step.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  window: Window;
  reads: Pick<Reads, 'over'>;
}

/** Ready when the window is open with room for the cut; past that there is no use in waiting on. */
export const handler = wait(
  'Wait for window',
  async ({ request, window, reads }: Event): Promise<Look<{ closesAt: string }>> => {
    const { switchover, readRamp } = request;
    const before = readRamp && !reads.over ? roomForSteps(readRamp) : 0;
    const verdict = judgeWindow(window, switchover.timeoutSeconds, clock.now(), before);
    if (verdict.kind === 'no') throw new NotReadyInTime(verdict.because);
    return verdict;
  },
);
