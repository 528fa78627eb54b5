import { classifyError } from '../../aws/errors.ts';
import { addCloneWriter, cloneOldBlue, readClone } from '../../aws/rds/clone.ts';
import { Busy, ProvisioningFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { copyTag, databaseTag, executionTag } from '../../domain/model/tags.ts';
import { type CloneStep, cloneName, nextCloneStep } from '../../domain/way-back/target.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Does the next of the two steps that make a clone of old blue, or nothing while one is under way and when both are done. */
export const handler = task(
  'Make the rollback target',
  async (event: RunEvent): Promise<{ step: CloneStep['kind'] }> => {
    const { deployment, executionArn } = event;
    const found = await readClone(executionArn, deployment);
    const step = nextCloneStep(executionArn, found);
    if (step.kind === 'no') throw new ProvisioningFailed(step.because);
    await take(step, event).catch(translateRefusal);
    return { step: step.kind };
  },
);

async function take(step: CloneStep, { request, deployment, executionArn }: RunEvent): Promise<void> {
  const { fenceSecurityGroup } = request.oldBlue;
  const tags = {
    [executionTag]: executionArn,
    [databaseTag]: deployment.database.id,
    // A clone of a copy is removed with it.
    ...(request.copy && { [copyTag]: request.copy.rehearsal }),
  };
  if (step.kind === 'clone') {
    if (!fenceSecurityGroup) throw new UnexpectedState('the request names no oldBlue.fenceSecurityGroup');
    await cloneOldBlue(deployment, cloneName(executionArn, deployment), fenceSecurityGroup, tags);
  }
  if (step.kind === 'add-writer') await addCloneWriter(deployment, step.to, tags);
}

/** Of a crashed attempt, RDS may know the name before it lists what it made. */
function translateRefusal(error: Error): never {
  if (/^DB(Cluster|Instance)AlreadyExistsFault$/.test(error.name))
    throw new Busy(
      notYet(
        'RDS says that the name is taken and does not list it yet; it is looked for again',
        'look in the console of RDS who has a cluster of that name',
      ),
      { cause: error },
    );
  if (classifyError(error) !== 'refused') throw error;
  throw new ProvisioningFailed(`RDS refused to clone old blue (${error.name}: ${error.message})`, {
    cause: error,
  });
}
