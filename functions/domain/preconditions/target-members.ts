import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A member that is not there has no counterpart, which would be found only when green is built. */
export const targetMembers: Precondition = {
  id: 'target-members',
  engines: 'all',
  looksAt:
    'Whether blue has the instances that `target.members` names, and whether their classes and storage stand there.',
  check: ({ database, blue, request: { target } }) =>
    target.members.flatMap(({ member, allocatedGiB }) => {
      const found = blue.members.find(({ id }) => id === member);
      if (!found)
        return blocker(
          `target.members names ${member}, and ${database.id} has ${blue.members.map(({ id }) => id).join(', ')}. Correct the name, or leave it out.`,
        );
      if (database.kind === 'cluster' && allocatedGiB !== undefined)
        return blocker(
          `target.members gives ${member} storage of its own, and the instances of ${database.id} share the storage of Aurora, which grows by itself. Leave allocatedGiB out.`,
        );
      return database.kind === 'instance' && found.role === 'writer'
        ? blocker(
            `target.members names ${member}, which is the primary. Its class is target.instanceClass and its storage target.storage, with which RDS builds green.`,
          )
        : [];
    }),
};
