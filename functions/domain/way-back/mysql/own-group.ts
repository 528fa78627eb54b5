import { firstNames } from '../../model/first-names.ts';
import { wayBackTag } from '../../model/tags.ts';

/** The parameter group of an instance. */
export interface GroupUse {
  group: string | undefined;
  /** Names of all instances that have the group. */
  users: string[];
  /** Its owner lets `read_only` be set in it: it carries `viridian:way-back`. */
  tagged: boolean;
}

/** Why `read_only` of an instance cannot be set by its parameter group; undefined when it can. */
export function findGroupObstacle({ group, users, tagged }: GroupUse): string | undefined {
  if (!group) return 'its parameter group is not known';
  if (group.startsWith('default.'))
    return `it has the parameter group ${group}, in which nothing can be set: give blue a group of its own`;
  if (users.length > 1)
    return `its parameter group ${group} is shared (${firstNames(users).join(', ')}), and read_only would be set for all: give blue a group of its own`;
  return tagged
    ? undefined
    : `its parameter group ${group} has no tag ${wayBackTag}, without which nobody may set read_only there: put it on, with any value`;
}
