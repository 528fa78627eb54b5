import type { Database } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';
import type { CopyProof } from './proof.ts';

/**
 * Time to go back in, in minutes. The rehearsal looks at least every quarter of an hour; without a way back the bake is waited out, and
 * measures nothing.
 */
const bakeMinutes = 60;

/** Why nothing of a request can be rehearsed: all that it changes is what a copy does not have; undefined when something can. */
export function findNothingToRehearse({ target, hooks, adopt }: Request): string | undefined {
  const { engineVersion, parameterGroup, clusterParameterGroup, instanceClass, storage } = target;
  const changes = [engineVersion, parameterGroup, clusterParameterGroup, instanceClass, storage];
  if (hooks.changeGreen || changes.some((one) => one !== undefined)) return undefined;
  return `target: ${adopt ? 'the request takes up a deployment (adopt)' : 'the request changes nothing but classes of single members'}, which a copy does not have; name what of target it changes besides, or leave the rehearsal out`;
}

/**
 * What the run on the copy is asked: what changes the database and how it is tested, named one by one, so that what a request may hold later
 * does not reach production from a copy. Left out are hooks that act on the application and on consumers of changes, records of Route 53 that
 * lead the application and its readers, alarms and metrics that watch it, the window, which is for its sake, and the approval of people; old
 * blue of a copy is deleted with everything else. Members and a deployment to take up are production's own: a copy has neither.
 */
export function requestOnCopy(request: Request, { id }: Pick<Database, 'id'>, copy: CopyProof) {
  const { target, lag, tests, switchover, wayBack, ticket, requestedBy } = request;
  const { changeGreen, testGreen, verifyProduction } = request.hooks;
  const { fenceSecurityGroup } = request.oldBlue;
  return {
    database: id,
    copy,
    target: { ...target, members: [] },
    lag,
    tests,
    switchover,
    approval: { required: false },
    bake: { minutes: bakeMinutes, metrics: [], alarms: [] },
    oldBlue: { deleteAutomatedBackups: true, ...(fenceSecurityGroup && { fenceSecurityGroup }) },
    wayBack: { ...wayBack, onFailure: 'ask', endpoint: { kind: 'rename' } },
    hooks: {
      ...(changeGreen && { changeGreen }),
      ...(testGreen && { testGreen }),
      ...(verifyProduction && { verifyProduction }),
    },
    ...(ticket && { ticket }),
    ...(requestedBy && { requestedBy }),
  };
}
