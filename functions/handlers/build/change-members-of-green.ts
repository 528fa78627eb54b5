import { requireGreenMark } from '../../aws/facts/green-mark.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { readInstance } from '../../aws/rds/read.ts';
import { changeClass } from '../../aws/rds/write.ts';
import { type MemberChange, planMembers } from '../../domain/build/members.ts';
import { Busy, ProvisioningFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Names of the instances that get another class. */
interface Result {
  asked: string[];
}

/**
 * Gives instances of green the classes of `target.members`. One that has its class, or is getting it, is left alone, so the task may run again;
 * "Wait for green" waits for them, and the parity check reads what became of them.
 */
export const handler = task('Change members of green', async (event: RunEvent): Promise<Result> => {
  const { request, deployment, executionArn } = event;
  const record = await readOurRecord(deployment, executionArn);
  if (!record || deploymentPhase(record.status) !== 'ready')
    throw new UnexpectedState(
      `the deployment is ${record?.status ?? 'not listed'}, and green is changed only while it waits`,
    );
  const changes = planMembers(request.target, deployment.blue, record.pairs);
  if (typeof changes === 'string') throw new ProvisioningFailed(changes);
  const asked: string[] = [];
  for (const change of changes) asked.push(await changeMember(change, executionArn));
  return { asked };
});

async function changeMember({ arn, instanceClass }: MemberChange, executionArn: string): Promise<string> {
  const instance = await readInstance(arn);
  const name = instance?.DBInstanceIdentifier;
  if (!instance || !name) throw new Busy(notYet(`RDS does not list ${arn} just now`, lookAtRds('green')));
  const comes = instance.PendingModifiedValues?.DBInstanceClass ?? instance.DBInstanceClass;
  if (comes === instanceClass) return name;
  await requireGreenMark({ arn, resourceId: instance.DbiResourceId ?? '', id: name }, executionArn);
  await changeClass(name, instanceClass);
  return name;
}
