import { readDeletables } from '../aws/deletables.ts';
import { findGoingBack } from '../aws/going-back.ts';
import { readAddressedId } from '../aws/read-address.ts';
import { readProductionId } from '../aws/read-production.ts';
import { readClone, readCloneAgain } from '../aws/rollback-target.ts';
import { sweep } from '../aws/sweep.ts';
import type { Deployment } from '../domain/deployment.ts';
import { Busy, CleanupIncomplete } from '../domain/errors.ts';
import { findCloneObstacle } from '../domain/rollback-target.ts';
import { task } from '../runtime/task.ts';
import type { WayBackEvent } from '../runtime/way-back-event.ts';

/** Deletes the clone of a way back that is closed and was not used, whole or half made; and nothing where there is none. */
export const handler = task(
  'Remove the rollback target',
  async ({ request, deployment, wayBack, executionArn }: WayBackEvent): Promise<{ deleting: string[] }> => {
    const { clone, database } = deployment;
    const found = await (clone ? readCloneAgain(clone) : readClone(executionArn, deployment));
    if (!found) return { deleting: [] };
    const goingBack = await findGoingBack(deployment, executionArn);
    if (goingBack) throw new Busy(`${goingBack} goes back, or has gone back, to ${found.side.id}`);
    const obstacle = findCloneObstacle({
      run: executionArn,
      found,
      production: [await readProductionId(database), await readAddressedId(request, deployment)],
      ...idsOf(deployment),
      open: wayBack.open,
    });
    if (obstacle) throw new CleanupIncomplete(`${obstacle}; the clone of old blue is kept`);
    const doomed = await readDeletables(database, found.side);
    await sweep(doomed, executionArn);
    return { deleting: doomed.map(({ id }) => id) };
  },
);

const idsOf = ({ blue, green }: Deployment) => ({ blue: blue.resourceId, green: green?.resourceId });
