import { type DeploymentRecord, namesOf } from '../../aws/rds/deployment.ts';
import { readFailures } from '../../aws/rds/events.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { type EarlyProduction, findEarlyProduction, isSought } from '../../databases/new-production.ts';
import type { WaitingWayBackEvent } from '../../databases/question.ts';
import { limits } from '../../domain/model/limits.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { clock } from '../../runtime/clock.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** One invocation looks so long. Milliseconds. */
const lookFor = 1_000 * limits.patience.cut;
/**
 * Between two readings of RDS. Where writes are held, by a hook or for the way back, clients wait for every one of them; otherwise RDS lets the
 * application write long before it says that it is done, and many runs of one account ask it at the same time. Milliseconds.
 */
const lookEvery = { held: 1_000, otherwise: 3_000 };
/** Nobody can write while new production is waited for. Milliseconds. */
const lookInsideEvery = 250;
/** Reasons older than the longest switchover (3,600 s) and its margin are of an earlier attempt. Milliseconds. */
const reasonsSince = 4_500_000;

/** Of new production what was found of it, where it takes writes before RDS is done. `again`: nothing was found, and it is to be looked again. */
interface Seen extends Partial<EarlyProduction> {
  again?: true;
  /** As RDS wrote it last; empty when the record is gone. */
  status: string;
  /** Why a switchover was cancelled, from the failure events. */
  because: string;
}

/**
 * Ready when RDS is not switching over any more, or, with a way back, as soon as new production itself is proved to take writes: RDS says that
 * it is done half a minute to minutes later, and writes are held meanwhile. AVAILABLE may be an old answer given just after the call was accepted: it
 * counts only when every look of an invocation sees it. What this says is a hint; the next state finds out which side serves.
 */
export const handler = wait(
  'Wait for switchover',
  async (event: WaitingWayBackEvent): Promise<Look<Seen>> => {
    const until = clock.now() + lookFor;
    const isHeld = event.request.hooks?.stopWrites !== undefined || isSought(event);
    const every = isHeld ? lookEvery.held : lookEvery.otherwise;
    const statuses = new Set<string>();
    for (;;) {
      const record = await readOurRecord(event.deployment, event.executionArn);
      const status = record?.status ?? '';
      statuses.add(status);
      if (hasEnded(status)) return sayEnd(record, status);
      if (clock.now() + every > until)
        return [...statuses].join() === 'AVAILABLE'
          ? sayEnd(record, status)
          : goOn(status, isSoughtNow(event, status));
      const early = await lookInside(event, status, every);
      if (early) return { kind: 'ready', facts: { status, because: '', ...early } };
    }
  },
);

/** Looks at the databases again and again until RDS is to be asked again. */
async function lookInside(
  event: WaitingWayBackEvent,
  status: string,
  forMs: number,
): Promise<EarlyProduction | undefined> {
  const until = clock.now() + forMs;
  if (!isSoughtNow(event, status)) {
    await clock.sleep(forMs);
    return undefined;
  }
  while (clock.now() < until) {
    const early = await findEarlyProduction(event);
    if (early) return early;
    await clock.sleep(lookInsideEvery);
  }
  return undefined;
}

function hasEnded(status: string): boolean {
  return ['switched', 'switch-failed', 'broken', 'deleting'].includes(deploymentPhase(status));
}

/** Only while RDS is at it: before that nothing has changed, and afterwards it says itself what it did. */
function isSoughtNow(event: WaitingWayBackEvent, status: string): boolean {
  return deploymentPhase(status) === 'switching' && isSought(event);
}

/** While new production is sought, the rest of the tick would be seconds in which nobody looks and nobody can write. */
function goOn(status: string, isUrgent: boolean): Look<Seen> {
  if (isUrgent) return { kind: 'ready', facts: { status, because: '', again: true } };
  const seen = status ? `the deployment is ${status}` : 'RDS does not list the deployment';
  return notYet(seen, lookAtRds('the deployment'));
}

async function sayEnd(record: DeploymentRecord | undefined, status: string): Promise<Look<Seen>> {
  const failures = record
    ? await readFailures(namesOf(record), clock.now() - reasonsSince).catch(() => [])
    : [];
  const because = failures.slice(0, 3).join(' | ');
  return { kind: 'ready', facts: { status, because } };
}
