import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A member that is not there has no counterpart, which would be found only when green is built. */
export const targetMembers: Precondition = {
  id: 'target-members',
  engines: 'all',
  looksAt:
    'Whether blue has the instances that `target.members` names, and whether their classes stand there.',
  check: ({ database, blue, request: { target } }) =>
    target.members.flatMap(({ member }) => {
      const found = blue.members.find(({ id }) => id === member);
      if (!found)
        return blocker(
          `target.members names ${member}, and ${database.id} has ${blue.members.map(({ id }) => id).join(', ')}. Correct the name, or leave it out.`,
        );
      return database.kind === 'instance' && found.role === 'writer'
        ? blocker(
            `target.members names ${member}, which is the primary. Its class is target.instanceClass, with which RDS builds green.`,
          )
        : [];
    }),
};
