import { refuseStorageHarm } from '../../aws/cloudwatch/storage.ts';
import { readReadiness } from '../../aws/facts/readiness.ts';
import { refuseEndedReplication } from '../../databases/ended-replication.ts';
import { lookAtFollowing } from '../../databases/look-at-following.ts';
import { judgeWindow } from '../../domain/hold/window.ts';
import type { Window } from '../../domain/model/deployment.ts';
import { NotReadyInTime, ProvisioningFailed } from '../../domain/model/errors.ts';
import { type Reads, roomForSteps } from '../../domain/read-ramp/step.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  window: Window;
  reads: Pick<Reads, 'over'>;
}

/** Ready when the window is open with room for the cut; past that there is no use in waiting on. */
export const handler = wait('Wait for window', async (event: Event): Promise<Look<{ closesAt: string }>> => {
  const { request, window, reads } = event;
  const { switchover, readRamp } = request;
  const before = readRamp && !reads.over ? roomForSteps(readRamp) : 0;
  const verdict = judgeWindow(window, switchover.timeoutSeconds, clock.now(), before);
  if (verdict.kind === 'no') throw new NotReadyInTime(verdict.because);
  if (verdict.kind === 'not-yet') await refuseHarm(event);
  return verdict;
});

/**
 * While only time passes green still costs blue its log: a green that cannot be switched any more or whose replication has ended, a disk that runs full, and tables that were changed
 * on blue end the run now, and not in its window.
 */
async function refuseHarm(event: Event): Promise<void> {
  const now = clock.now();
  const sides = await readReadiness(event, now);
  if (sides.kind === 'no') throw new ProvisioningFailed(sides.because);
  await refuseStorageHarm(event.deployment, now);
  await refuseEndedReplication(event, sides.kind === 'ready' ? sides.facts.green : sides.degraded);
  if (sides.kind === 'ready') await lookAtFollowing(event, { ...event.deployment, ...sides.facts });
}
