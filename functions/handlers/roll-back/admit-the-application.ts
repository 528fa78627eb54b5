import { groupsOf, requireGroups } from '../../aws/rds/fence-old-blue.ts';
import { readClusterByResourceId } from '../../aws/rds/read.ts';
import { letWrite } from '../../aws/rds/read-only.ts';
import { findEngine } from '../../domain/model/engine.ts';
import { Busy } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/**
 * Gives the target the security groups of new production in place of the fence, so that the application reaches what it is about to
 * write on. Its databases are still closed. An RDS instance has no such fence; of the MySQL family the service keeps it read-only by its parameter group.
 */
export const handler = task(
  'Admit the application',
  async ({ deployment }: RunEvent): Promise<{ groups: string[] }> => {
    const { database, green } = deployment;
    if (database.kind === 'instance') {
      if (findEngine(database.engine)?.family === 'mysql') await letWrite(targetOf(deployment).resourceId);
      return { groups: [] };
    }
    const [target, production] = await Promise.all([
      readClusterByResourceId(targetOf(deployment).resourceId),
      green && readClusterByResourceId(green.resourceId),
    ]);
    const groups = production ? groupsOf(production).map(({ id }) => id) : [];
    if (!target || groups.length === 0)
      throw new Busy(notYet('both sides are not listed with their groups', lookAtRds('both clusters')));
    await requireGroups(target, groups);
    return { groups };
  },
);
