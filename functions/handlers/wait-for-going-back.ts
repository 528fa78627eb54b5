import { asSide, readSideAgain } from '../aws/read-side.ts';
import { readRun } from '../aws/runs.ts';
import type { Deployment, Serving } from '../domain/deployment.ts';
import { judgeReturn } from '../domain/way-back-flow-return.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

interface Event extends WaitingRunEvent {
  /** ARN of the execution that goes back. */
  goingBack: string;
}

/** Ready when the execution that goes back has ended, with the side that it ended on. */
export const handler = wait(
  'Wait for going back',
  async ({ goingBack, deployment }: Event): Promise<Look<{ serving: Serving; deployment: Deployment }>> => {
    const verdict = judgeReturn(goingBack, await readRun(goingBack));
    if (verdict.kind !== 'ready') return verdict;
    const blue = await readSideAgain(deployment.database.kind, deployment.blue);
    const now = { ...deployment, ...(blue && { blue: asSide(blue) }) };
    return { kind: 'ready', facts: { serving: verdict.facts, deployment: now } };
  },
);
