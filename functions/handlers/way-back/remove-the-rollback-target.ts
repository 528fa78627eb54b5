import { readAddressedId } from '../../aws/facts/production-address.ts';
import { findGoingBack } from '../../aws/facts/roll-backs.ts';
import { readClone, readCloneAgain } from '../../aws/rds/clone.ts';
import { deleteDatabases, readDatabasesToDelete } from '../../aws/rds/delete-databases.ts';
import { readProductionId } from '../../aws/rds/names.ts';
import type { WayBackEvent } from '../../databases/question.ts';
import { findNewOwner } from '../../domain/close/changed-hands.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { findCloneObstacle } from '../../domain/way-back/target.ts';
import { task } from '../../tasks/task.ts';

/** Deletes the clone of a way back that is closed and was not used, whole or half made; and nothing where there is none. */
export const handler = task(
  'Remove the rollback target',
  async ({ request, deployment, wayBack, executionArn }: WayBackEvent): Promise<{ deleting: string[] }> => {
    const { clone, database } = deployment;
    const found = await (clone ? readCloneAgain(clone) : readClone(executionArn, deployment));
    if (!found) return { deleting: [] };
    const goingBack = await findGoingBack(deployment, executionArn);
    if (goingBack)
      throw new Busy(
        notYet(
          `${goingBack} goes back, or has gone back, to ${found.side.id}`,
          'wait for the end of that execution',
        ),
      );
    const obstacle = findCloneObstacle({
      run: executionArn,
      found,
      production: [await readProductionId(database), await readAddressedId(request, deployment)],
      ...idsOf(deployment),
      open: wayBack.open,
    });
    if (obstacle) throw new CleanupIncomplete(`${obstacle}; the clone of old blue is kept`);
    const toDelete = await readDatabasesToDelete(database, found.side);
    const owner = clone && findNewOwner(clone, toDelete);
    if (owner) throw new CleanupIncomplete(`${owner}; the clone of old blue is kept`);
    // A clone holds nothing that old blue and new production do not hold.
    await deleteDatabases(toDelete, executionArn, { deleteAutomatedBackups: true });
    return { deleting: toDelete.map(({ id }) => id) };
  },
);

const idsOf = ({ blue, green }: Deployment) => ({ blue: blue.resourceId, green: green?.resourceId });
