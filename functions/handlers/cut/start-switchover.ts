import { classifyError, isThrottle } from '../../aws/errors.ts';
import type { DeploymentRecord } from '../../aws/rds/deployment.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { startSwitchover } from '../../aws/rds/write.ts';
import { Busy, Throttled, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase, pairPhase } from '../../domain/model/phase.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** The oldest reading on which the call may be made, in milliseconds: a function can be frozen between two lines. */
const freshFor = 5_000;

/** Of the deployment, after a refused call, and the milliseconds between two: 18 s, which its function has. */
const looksAfterRefusal = 4;
const betweenLooks = 6_000;

/**
 * The one dangerous call. Busy means: it is proved that RDS did not accept it. Whatever leaves that open is another error, and the
 * states that follow find out what happened; nothing here is ever sent twice.
 */
export const handler = task('Start switchover', async (event: RunEvent): Promise<{ accepted: true }> => {
  const readAt = clock.now();
  const record = await read(event);
  const phase = deploymentPhase(record.status);
  if (phase === 'switching' || phase === 'switched') return { accepted: true };
  if (phase === 'building')
    throw new Busy(
      notYet(`the deployment ${record.id} is ${record.status} again`, lookAtRds('the deployment')),
    );
  if (phase !== 'ready')
    throw new UnexpectedState(`the deployment ${record.id} is ${record.status}, not AVAILABLE`);
  if (clock.now() - readAt > freshFor)
    throw new Busy(
      notYet(
        'the status of the deployment was read too long ago',
        'look at the AWS Health Dashboard of this Region',
      ),
    );
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
  const proved = answered && (await readUntilAdmitted(event).then(hasNotBegun, () => false));
  const Refusal = isThrottle(error) ? Throttled : Busy;
  return proved
    ? new Refusal(
        notYet(
          `RDS did not accept the switchover (${said}); blue was not touched`,
          'mend what RDS names here',
        ),
        { cause: error },
      )
    : new UnexpectedState(`whether RDS accepted the switchover is not known (${said}); it is read next`, {
        cause: error,
      });
}

/** Who was turned away with the call is often turned away with the reading after it: it is asked again within the time of the function. */
async function readUntilAdmitted(event: RunEvent): Promise<DeploymentRecord> {
  for (let left = looksAfterRefusal; ; left -= 1) {
    try {
      return await read(event);
    } catch (error) {
      if (!isThrottle(error) || left === 1) throw error;
      await clock.sleep(betweenLooks);
    }
  }
}

function hasNotBegun({ status, pairs }: DeploymentRecord): boolean {
  return deploymentPhase(status) === 'ready' && pairs.every((pair) => pairPhase(pair.status) === 'ready');
}
