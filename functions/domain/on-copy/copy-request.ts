import type { Database } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';
import type { CopyProof } from './proof.ts';

/**
 * Time to go back in, in minutes. The rehearsal looks at least every quarter of an hour; without a way back the bake is waited out, and
 * measures nothing.
 */
const bakeMinutes = 60;

/**
 * What the run on the copy is asked: the request of production, but for what would reach production or wait for it. Hooks that stop and
 * resume writes act on the application, records of Route 53 lead it and its readers, alarms and metrics watch it, the window is for its sake, and people
 * approve its change; old blue of a copy is deleted with everything else.
 */
export function requestOnCopy(
  request: Request,
  { id }: Pick<Database, 'id'>,
  copy: CopyProof,
): Omit<Request, 'approval'> & { approval: { required: false } } {
  const {
    window: _,
    adopt: _adopted,
    requestSeal: _seal,
    rehearsal: _rehearsal,
    readRamp: _ramp,
    ...kept
  } = request;
  const { stopWrites: _stop, resumeWrites: _resume, ...hooks } = request.hooks;
  const { fenceSecurityGroup } = request.oldBlue;
  return {
    ...kept,
    database: id,
    copy,
    approval: { required: false },
    bake: { minutes: bakeMinutes, metrics: [], alarms: [] },
    oldBlue: { deleteAutomatedBackups: true, ...(fenceSecurityGroup && { fenceSecurityGroup }) },
    wayBack: { ...request.wayBack, onFailure: 'ask', endpoint: { kind: 'rename' } },
    hooks,
    dryRun: false,
  };
}
