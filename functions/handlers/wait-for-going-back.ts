import { readMark } from '../aws/going-back-mark.ts';
import { readSidesAgain } from '../aws/read-side.ts';
import { readRun } from '../aws/runs.ts';
import type { Deployment, Serving } from '../domain/deployment.ts';
import { judgeReturn } from '../domain/way-back-flow-return.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

interface Event extends WaitingRunEvent {
  /** ARN of the execution that goes back. */
  goingBack: string;
}

/**
 * Ready when the execution that goes back has ended, with the side that it ended on. Where it proved none, another one may finish what it has
 * begun, as the announcements ask a person to: the newest that has marked new production is looked at instead, until the deadline.
 */
export const handler = wait(
  'Wait for going back',
  async ({ goingBack, deployment }: Event): Promise<Look<{ serving: Serving; deployment: Deployment }>> => {
    const first = judgeReturn(goingBack, await readRun(goingBack));
    const verdict =
      first.kind === 'ready' && first.facts.side === 'unknown' ? await judgeNewest(deployment, first) : first;
    if (verdict.kind !== 'ready') return verdict;
    const now = await readSidesAgain(deployment);
    return { kind: 'ready', facts: { serving: verdict.facts, deployment: now } };
  },
);

async function judgeNewest(
  deployment: Deployment,
  first: Look<Serving> & { kind: 'ready' },
): Promise<Look<Serving>> {
  const newest = await readMark(deployment);
  const verdict = newest ? judgeReturn(newest, await readRun(newest)) : first;
  return verdict.kind === 'ready' && verdict.facts.side === 'unknown'
    ? { kind: 'not-yet', because: `nobody has finished it: ${verdict.facts.because}` }
    : verdict;
}
