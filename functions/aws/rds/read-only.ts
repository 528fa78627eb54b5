import type { DBInstance } from '@aws-sdk/client-rds';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { copyTag, wayBackTag } from '../../domain/model/tags.ts';
import { findGroupObstacle, type GroupUse } from '../../domain/way-back/mysql/own-group.ts';
import { asTags, readAllInstances, readInstancesByResourceId, readTags } from './read.ts';
import { setParameter } from './write.ts';

/**
 * What decides whether `read_only` of an instance can be set by its parameter group. Copies of rehearsals have production's group and take
 * nothing from it: they do not count for production, while for a copy everyone counts, so that no run on a copy sets anything there.
 */
export async function readGroupUse(resourceId: string): Promise<GroupUse> {
  const [instance] = await readInstancesByResourceId([resourceId]);
  const group = instance && groupOf(instance);
  if (!group) return { group: undefined, users: [], tagged: false };
  const arn = instance.DBInstanceArn?.replace(/:db:.*/, `:pg:${group}`) ?? '';
  const [all, tags] = await Promise.all([readAllInstances(), readTags(arn)]);
  const counted = isCopy(instance) ? all : all.filter((one) => !isCopy(one));
  const users = counted.filter((one) => groupOf(one) === group).map(nameOf);
  return { group, users, tagged: wayBackTag in tags };
}

const groupOf = ({ DBParameterGroups }: DBInstance) => DBParameterGroups?.[0]?.DBParameterGroupName;
const isCopy = ({ TagList }: DBInstance) => copyTag in asTags(TagList);
const nameOf = ({ DBInstanceIdentifier = '' }: DBInstance) => DBInstanceIdentifier;

/**
 * Sets `read_only` to 0 in the parameter group of an instance, which no other one may have, but for copies of rehearsals: it would be opened as well. The server has it within moments,
 * which "Open blue for writes" waits for. Set again it does nothing new.
 */
export async function letWrite(resourceId: string): Promise<void> {
  const use = await readGroupUse(resourceId);
  if (!use.group)
    throw new Busy(notYet(`${resourceId} is not listed with its parameter group`, lookAtRds(resourceId)));
  const obstacle = findGroupObstacle(use);
  if (obstacle) throw new CleanupIncomplete(obstacle);
  await setParameter(use.group, 'read_only', '0');
}
