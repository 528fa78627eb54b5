import { firstNames } from '../../model/first-names.ts';

/**
 * Why `read_only` of an instance cannot be set by its parameter group; undefined when it can.
 * @param users names of all instances that have the group
 */
export function findSharedGroup({
  group,
  users,
}: {
  group: string | undefined;
  users: string[];
}): string | undefined {
  if (!group) return 'its parameter group is not known';
  if (group.startsWith('default.'))
    return `it has the parameter group ${group}, in which nothing can be set: give blue a group of its own`;
  return users.length > 1
    ? `its parameter group ${group} is shared (${firstNames(users).join(', ')}), and read_only would be set for all: give blue a group of its own`
    : undefined;
}
