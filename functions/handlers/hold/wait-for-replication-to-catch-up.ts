import { readLag } from '../../aws/cloudwatch/lag.ts';
import { refuseStorageHarm } from '../../aws/cloudwatch/storage.ts';
import { readReadiness } from '../../aws/facts/readiness.ts';
import { refuseEndedReplication } from '../../databases/ended-replication.ts';
import { lookForTransactions } from '../../databases/long-transactions.ts';
import { lookAtFollowing } from '../../databases/look-at-following.ts';
import type { WaitingWayBackEvent } from '../../databases/question.ts';
import { findFollowingObstacle } from '../../domain/hold/following.ts';
import { judgeLag } from '../../domain/hold/lag.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { NotReadyInTime, ProvisioningFailed } from '../../domain/model/errors.ts';
import { clock } from '../../runtime/clock.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Ready when green is ready, several fresh readings of its lag are under the limit, and no transaction is to be waited for. */
export const handler = wait(
  'Wait for replication to catch up',
  async (event: WaitingWayBackEvent): Promise<Look<Deployment>> => {
    const { request, deployment } = event;
    const sides = await readReadiness(event, clock.now());
    if (sides.kind === 'no') throw new ProvisioningFailed(sides.because);
    const now = clock.now();
    await refuseStorageHarm(deployment, now);
    if (sides.kind === 'not-yet') {
      await refuseEndedReplication(event, sides.degraded);
      const { degraded: _, ...seen } = sides;
      return seen;
    }
    const lag = judgeLag(await readLag(deployment, sides.facts, now), request.lag, now);
    if (lag.kind === 'not-yet') {
      await refuseEndedReplication(event, sides.facts.green);
      return lag;
    }
    const looked = await lookAtFollowing(event, { ...deployment, ...sides.facts });
    const obstacle = findFollowingObstacle(looked, event.wayBack);
    if (obstacle) return obstacle;
    const transactions = await lookForTransactions(event);
    if (transactions.kind === 'no') throw new NotReadyInTime(transactions.because);
    if (transactions.kind === 'not-yet') return transactions;
    // Blue and green stay as the parity check saw them: "Final check" compares them with what it reads itself.
    return { kind: 'ready', facts: { ...deployment, ...looked, status: sides.facts.status, lag: lag.facts } };
  },
);
