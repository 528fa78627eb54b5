import { findNotAsked } from '../way-back/state.ts';
import { targetKindOf } from '../way-back/target.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, warning, whenRead } from './finding.ts';

/** Copy-on-write clones of one volume; further ones become full copies (Aurora User Guide, "Cloning a volume"). */
const mostClones = 15;

/**
 * The target that is asked for must be one that there is. Room for a clone is looked at as well, beside the room that green needs: without
 * it the run goes on, and has no way back.
 */
export const rollbackTarget: Precondition = {
  id: 'rollback-target',
  engines: 'all',
  looksAt:
    'Whether `wayBack.target` exists for the kind of the database; for a clone, the quotas and the number of clones.',
  check: (facts) => {
    const { request, database } = facts;
    const { target } = request.wayBack;
    if (target === 'clone' && database.kind === 'instance')
      return [
        blocker(
          `wayBack.target is clone, and ${database.id} is an RDS instance, of which there are no clones. Leave the field out: the way back then leads to old blue.`,
        ),
      ];
    if (target === 'old-blue' && database.kind === 'cluster')
      return [
        blocker(
          `wayBack.target is old-blue, and RDS keeps old blue of the Aurora cluster ${database.id} closed as long as its deployment record is there. Leave the field out: the way back then leads to a clone of old blue.`,
        ),
      ];
    if (target === 'clone' && !request.oldBlue.fenceSecurityGroup)
      return [
        blocker(
          'wayBack.target is clone without oldBlue.fenceSecurityGroup, behind which the clone has to stand. Create a security group that admits nobody but the function sqlPostgres, and name it.',
        ),
      ];
    const wantsClone = !findNotAsked(request, database) && targetKindOf(database.kind, target) === 'clone';
    return wantsClone ? [...checkRoom(facts), ...checkClones(facts)] : [];
  },
};

function checkRoom({ request, blue, quotas }: PreconditionFacts): RuleFinding[] {
  const ofGreen = request.adopt ? { DBInstances: 0, DBClusters: 0 } : greenNeeds(blue);
  return whenRead(quotas, 'the quotas of the account', (list) =>
    list
      .filter(({ name, used, max }) => {
        const needed = ofGreen[name as keyof typeof ofGreen];
        return needed !== undefined && used + needed + 1 > max;
      })
      .map(({ name, used, max }) =>
        warning(
          `${used} of ${max} are in use of the quota ${name}, which leaves no room for the clone of old blue beside green: there may be no lossless way back. Raise the quota, or delete what is not needed.`,
        ),
      ),
  );
}

const greenNeeds = ({ members }: PreconditionFacts['blue']) => ({
  DBInstances: members.length,
  DBClusters: 1,
});

function checkClones({ clones }: PreconditionFacts): RuleFinding[] {
  if (!clones) return [];
  return whenRead(clones, 'the clones of the cluster', (count) =>
    count < mostClones
      ? []
      : [
          warning(
            `the volume of the cluster has ${count} clones, and from ${mostClones} on a further one is a full copy: making the rollback target may take longer than it is waited for.`,
          ),
        ],
  );
}
