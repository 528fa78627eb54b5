import { readClone } from '../../aws/rds/clone.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { ProvisioningFailed } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { nextCloneStep } from '../../domain/way-back/target.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

const inRds = lookAtRds('the clone of old blue');

/** Ready when the clone and its instance are available. What is to be done for that is the next look's of "Make the rollback target". */
export const handler = wait(
  'Wait for the rollback target',
  async ({ deployment, executionArn }: WaitingRunEvent): Promise<Look<Deployment>> => {
    const found = await readClone(executionArn, deployment);
    const step = nextCloneStep(executionArn, found);
    if (step.kind === 'no') throw new ProvisioningFailed(step.because);
    if (step.kind === 'clone') return notYet('RDS does not list the clone yet', inRds);
    if (step.kind === 'add-writer') return notYet(`${step.to} has no instance yet`, inRds);
    if (step.kind === 'busy') return notYet(step.because, inRds);
    return { kind: 'ready', facts: { ...deployment, clone: step.side } };
  },
);
