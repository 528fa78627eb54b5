import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Some targets exist for RDS instances only, some for Aurora clusters only: RDS refuses them at creation. */
export const targetFitsKind: Precondition = {
  id: 'target-fits-kind',
  engines: 'all',
  looksAt: 'Whether the fields of `target` exist for the kind of the database, instance or cluster.',
  check: ({ database, request: { target } }) => {
    const { instanceClass, storage, clusterParameterGroup } = target;
    const surplus = database.kind === 'cluster' ? { instanceClass, storage } : { clusterParameterGroup };
    const advice =
      database.kind === 'cluster'
        ? 'RDS cannot set it for Aurora when green is created. Leave it out, and change green by a changeGreen hook'
        : 'Only Aurora clusters have one. Leave it out, and give target.parameterGroup';
    return Object.entries(surplus)
      .filter(([, value]) => value !== undefined)
      .map(([field]) =>
        blocker(`target.${field} is given for the ${database.kind} ${database.id}. ${advice}.`),
      );
  },
};
