import type { Database } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';
import type { CopyProof } from './proof.ts';

/**
 * Time to go back in, in minutes. The rehearsal looks at least every quarter of an hour; without a way back the bake is waited out, and
 * measures nothing.
 */
const bakeMinutes = 60;

/**
 * What the run on the copy is asked: what changes the database and how it is tested, named one by one, so that what a request may hold later
 * does not reach production from a copy. Left out are hooks that act on the application and on consumers of changes, records of Route 53 that
 * lead the application and its readers, alarms and metrics that watch it, the window, which is for its sake, and the approval of people; old
 * blue of a copy is deleted with everything else.
 */
export function requestOnCopy(request: Request, { id }: Pick<Database, 'id'>, copy: CopyProof) {
  const { target, lag, tests, switchover, wayBack, ticket, requestedBy } = request;
  const { changeGreen, testGreen, verifyProduction } = request.hooks;
  const { fenceSecurityGroup } = request.oldBlue;
  return {
    database: id,
    copy,
    target,
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
