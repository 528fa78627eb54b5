import { createHash } from 'node:crypto';
import { readAllRecords } from '../../aws/rds/deployment.ts';
import { findWindow, findWindowFault, spreadWindow } from '../../domain/hold/window.ts';
import type { Window } from '../../domain/model/deployment.ts';
import { NotReadyInTime } from '../../domain/model/errors.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Works out when the maintenance window opens and closes next, and until when an approval is in time. */
export const handler = task(
  'Find the next window',
  async ({ request, executionArn }: RunEvent): Promise<Window> => {
    const now = clock.now();
    const window = findWindow(request, now);
    if (window) return spreadWindow(window, request, shareOf(executionArn), await countToBeSwitched());
    throw new NotReadyInTime(
      findWindowFault(request, now) ?? 'no window is left for the cut; start again with a later one',
    );
  },
);

/** Deployments of the account and Region, ours or not, that are built or wait. */
async function countToBeSwitched(): Promise<number> {
  const phases = (await readAllRecords()).map(({ status }) => deploymentPhase(status));
  return phases.filter((phase) => phase === 'building' || phase === 'ready').length;
}

/** Of a run, in [0, 1): even among many, and the same whenever it is asked. */
function shareOf(executionArn: string): number {
  return createHash('sha256').update(executionArn).digest().readUInt32BE() / 2 ** 32;
}
