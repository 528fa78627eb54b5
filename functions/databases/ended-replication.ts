import type { Side } from '../domain/model/deployment.ts';
import { ProvisioningFailed } from '../domain/model/errors.ts';
import type { RunEvent } from '../tasks/run-event.ts';
import { askDatabase, readPlaceBeforeTheCut } from './ask.ts';
import { signInOf } from './question.ts';

/**
 * Asks the databases of a green that does not come up with blue whether it ever can: RDS calls both degraded. Without a login, of a physical
 * copy, and where no answer comes nothing is known, and the wait goes on.
 * @throws ProvisioningFailed where it cannot
 */
export async function refuseEndedReplication(
  { request, deployment, executionArn }: Pick<RunEvent, 'request' | 'deployment' | 'executionArn'>,
  green: Side | undefined,
): Promise<void> {
  if (!request.wayBack.login || !green || deployment.replication === 'physical') return;
  const sides = { ...deployment, green };
  const reply = await askDatabase('ended-replication', {
    executionArn,
    ...signInOf(request, deployment.database),
    blue: await readPlaceBeforeTheCut(sides, 'blue'),
    green: await readPlaceBeforeTheCut(sides, 'green'),
  });
  if (reply.kind === 'answer' && reply.facts.because !== null)
    throw new ProvisioningFailed(
      `${reply.facts.because}, which does not pass by itself: green has to be built anew`,
    );
}
