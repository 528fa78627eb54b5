import { readAddressedId } from '../../aws/facts/production-address.ts';
import { readNewestRollBack } from '../../aws/facts/roll-backs.ts';
import { readSidesAgain } from '../../aws/rds/side.ts';
import { readRun } from '../../aws/step-functions/executions.ts';
import type { Deployment, Serving } from '../../domain/model/deployment.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import { judgeRollBack, wasRefused } from '../../domain/way-back/roll-back-result.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  /** ARN of the execution that goes back. */
  goingBack: string;
}

/**
 * Ready when the execution that goes back has ended, with the side that it ended on. Where it proved none, another one may finish what it has
 * begun, as the announcements ask a person to: the newest that has marked new production is looked at instead, until the deadline. One
 * that was refused has begun nothing: where nobody else has, the run itself proves that new production still serves.
 */
export const handler = wait(
  'Wait for going back',
  async (event: Event): Promise<Look<{ serving: Serving; deployment: Deployment }>> => {
    const verdict = await judge(event);
    if (verdict.kind !== 'ready') return verdict;
    const now = await readSidesAgain(event.deployment);
    return { kind: 'ready', facts: { serving: verdict.facts, deployment: now } };
  },
);

async function judge(event: Event): Promise<Look<Serving>> {
  const { goingBack, deployment, executionArn } = event;
  const first = await readRun(goingBack);
  const verdict = judgeRollBack(goingBack, first);
  if (verdict.kind !== 'ready' || verdict.facts.side !== 'unknown') return verdict;
  const newest = await readNewestRollBack(deployment, executionArn);
  if (!newest && wasRefused(first)) return judgeUntouched(event, verdict.facts.because);
  const latest = newest ? judgeRollBack(newest.executionArn, newest) : verdict;
  return latest.kind === 'ready' && latest.facts.side === 'unknown'
    ? notYet(
        `nobody has finished it: ${latest.facts.because}`,
        'start going back once more; it goes on where the other one stopped',
      )
    : latest;
}

/** Nobody has begun to go back. */
async function judgeUntouched({ request, deployment }: Event, refused: string): Promise<Look<Serving>> {
  const production = await readAddressedId(request, deployment);
  const address = nameAddress(request, deployment.database.id);
  return production !== undefined && production === deployment.green?.resourceId
    ? {
        kind: 'ready',
        facts: {
          side: 'green',
          because: `${address} leads to new production; going back was refused: ${refused}`,
        },
      }
    : notYet(`${address} leads to ${production ?? 'nothing'}; ${refused}`, lookAtRds('both sides'));
}
