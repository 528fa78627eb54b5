import { readLag } from '../aws/cloudwatch/lag.ts';
import { readReadiness } from '../aws/facts/readiness.ts';
import { readEvents } from '../aws/rds/events.ts';
import {
  type FailoverTest,
  failoverCategory,
  flowsSince,
  hasMoved,
  placeOfWriter,
} from '../domain/build/failover.ts';
import type { ReadySides } from '../domain/build/readiness.ts';
import type { Side } from '../domain/model/deployment.ts';
import { ProvisioningFailed } from '../domain/model/errors.ts';
import { limits } from '../domain/model/limits.ts';
import { lookAtRds, type NotYet, notYet } from '../domain/model/not-yet.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import { clock } from '../runtime/clock.ts';
import type { WaitingRunEvent } from '../tasks/run-event.ts';
import type { Look } from '../tasks/wait.ts';
import { askDatabase, placeOf } from './ask.ts';
import { refuseEndedReplication } from './ended-replication.ts';
import { signInOf } from './question.ts';

interface Event extends WaitingRunEvent {
  /** A database that could be asked before can be asked again. */
  wayBack?: Pick<WayBack, 'possible'>;
}

/** One invocation looks twice, so long apart. A failover takes a minute or two, and the greens of a fleet are failed over at the same time. Milliseconds. */
const lookAgainAfter = 1_000 * limits.patience.failover;

/** How far green has come back: first that it answers, then that replication flows. What it took is known to the time between two looks. */
export async function lookAfterFailover(event: Event, test: FailoverTest): Promise<Look<FailoverTest>> {
  if (test.answersAfter !== null)
    return lookWhetherItFlows(event, { ...test, answersAfter: test.answersAfter });
  const look = await lookWhetherItAnswers(event, test);
  if (look.kind === 'ready') return look;
  await clock.sleep(lookAgainAfter);
  return lookWhetherItAnswers(event, test);
}

async function lookWhetherItAnswers(event: Event, test: FailoverTest): Promise<Look<FailoverTest>> {
  const sides = await readBoth(event);
  if ('because' in sides) return sides;
  const { kind } = event.deployment.database;
  const { green } = sides;
  const names = [green.id, ...green.members.map(({ id }) => id)];
  const moved = placeOfWriter(kind, green) !== test.from;
  if (!moved && !hasMoved(kind, green, test, await readEvents(names, test.startedAt, failoverCategory)))
    return notYet(`${green.id} has not failed over yet`, lookAtRds(green.id));
  const silence = await findSilence(event, green);
  if (silence) return notYet(silence, lookAtRds(green.id));
  const answersAfter = (clock.now() - test.startedAt) / 1_000;
  return { kind: 'ready', facts: { ...test, to: placeOfWriter(kind, green), answersAfter } };
}

async function lookWhetherItFlows(
  event: Event,
  test: FailoverTest & { answersAfter: number },
): Promise<Look<FailoverTest>> {
  const sides = await readBoth(event);
  if ('because' in sides) return sides;
  const reading = await readLag(event.deployment, sides, clock.now());
  const at = flowsSince(reading, event.request.lag, test.startedAt + test.answersAfter * 1_000);
  if (at === undefined) {
    await refuseEndedReplication(event, sides.green);
    return notYet(
      `${reading.metric} does not show yet that replication flows again after the failover of green`,
      'look at the log of green for the error at which replication stands',
    );
  }
  return { kind: 'ready', facts: { ...test, flowsAfter: (at - test.startedAt) / 1_000 } };
}

async function readBoth(event: Event): Promise<ReadySides | NotYet> {
  const verdict = await readReadiness(event, clock.now());
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  if (verdict.kind === 'ready') return verdict.facts;
  await refuseEndedReplication(event, verdict.degraded);
  return verdict;
}

/** Any question would do, and this one needs nothing but the login. A refusal is an answer. Without a way back nobody knows how to ask. */
async function findSilence(
  { request, deployment, executionArn, wayBack }: Event,
  green: Side,
): Promise<string | undefined> {
  if (!wayBack?.possible) return undefined;
  const reply = await askDatabase('long-transactions', {
    ...placeOf(green, null),
    executionArn,
    ...signInOf(request, deployment.database),
    olderThanSeconds: request.switchover.longTransactionSeconds,
  });
  return reply.kind === 'failed' ? reply.because : undefined;
}
