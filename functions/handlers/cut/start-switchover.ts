import { classifyError } from '../../aws/errors.ts';
import type { DeploymentRecord } from '../../aws/rds/deployment.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { startSwitchover } from '../../aws/rds/write.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { deploymentPhase, pairPhase } from '../../domain/model/phase.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** The oldest reading on which the call may be made, in milliseconds: a function can be frozen between two lines. */
const freshFor = 5_000;

/**
 * The one dangerous call. Busy means: it is proved that RDS did not accept it. Whatever leaves that open is another error, and the
 * states that follow find out what happened; nothing here is ever sent twice.
 */
export const handler = task('Start switchover', async (event: RunEvent): Promise<{ accepted: true }> => {
  const readAt = clock.now();
  const record = await read(event);
  const phase = deploymentPhase(record.status);
  if (phase === 'switching' || phase === 'switched') return { accepted: true };
  if (phase === 'building') throw new Busy(`the deployment ${record.id} is ${record.status} again`);
  if (phase !== 'ready')
    throw new UnexpectedState(`the deployment ${record.id} is ${record.status}, not AVAILABLE`);
  if (clock.now() - readAt > freshFor) throw new Busy('the status of the deployment was read too long ago');
  try {
    await startSwitchover(record.id, event.request.switchover.timeoutSeconds);
  } catch (error) {
    throw await judgeFailure(error, event);
  }
  return { accepted: true };
});

async function read({ deployment, executionArn }: RunEvent): Promise<DeploymentRecord> {
  const record = await readOurRecord(deployment, executionArn);
  if (!record) throw new UnexpectedState(`RDS does not list the deployment ${deployment.id}`);
  return record;
}

/** A refusal counts as one only when a new reading shows that nothing began. */
async function judgeFailure(error: unknown, event: RunEvent): Promise<Error> {
  const { name, message } = error as Error;
  const said = `${name}: ${message}`;
  const answered = classifyError(error) !== 'lost' && classifyError(error) !== 'foreign';
  const proved = answered && (await read(event).then(hasNotBegun, () => false));
  return proved
    ? new Busy(`RDS did not accept the switchover (${said}); blue was not touched`, { cause: error })
    : new UnexpectedState(`whether RDS accepted the switchover is not known (${said}); it is read next`, {
        cause: error,
      });
}

function hasNotBegun({ status, pairs }: DeploymentRecord): boolean {
  return deploymentPhase(status) === 'ready' && pairs.every((pair) => pairPhase(pair.status) === 'ready');
}
