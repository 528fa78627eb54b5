import type { DBInstance } from '@aws-sdk/client-rds';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { findSharedGroup } from '../../domain/way-back/mysql/own-group.ts';
import { readAllInstances, readInstancesByResourceId } from './read.ts';
import { setParameter } from './write.ts';

/** The instances that decide whether an instance's parameter group is its own. */
export async function readGroupUse(
  resourceId: string,
): Promise<{ group: string | undefined; users: string[] }> {
  const [instance] = await readInstancesByResourceId([resourceId]);
  const group = instance && groupOf(instance);
  const all = await readAllInstances();
  return { group, users: all.filter((one) => groupOf(one) === group).map(nameOf) };
}

const groupOf = ({ DBParameterGroups }: DBInstance) => DBParameterGroups?.[0]?.DBParameterGroupName;
const nameOf = ({ DBInstanceIdentifier = '' }: DBInstance) => DBInstanceIdentifier;

/**
 * Sets `read_only` to 0 in the parameter group of an instance, which no other one may have: it would be opened as well. The server has it within moments,
 * which "Open blue for writes" waits for. Set again it does nothing new.
 */
export async function letWrite(resourceId: string): Promise<void> {
  const use = await readGroupUse(resourceId);
  if (!use.group)
    throw new Busy(notYet(`${resourceId} is not listed with its parameter group`, lookAtRds(resourceId)));
  const shared = findSharedGroup(use);
  if (shared) throw new CleanupIncomplete(shared);
  await setParameter(use.group, 'read_only', '0');
}
