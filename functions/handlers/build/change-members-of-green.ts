import { requireGreenMark } from '../../aws/facts/green-mark.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { readInstance } from '../../aws/rds/read.ts';
import { changeMember as modifyMember } from '../../aws/rds/write.ts';
import { type MemberChange, planMembers } from '../../domain/build/members.ts';
import { Busy, ProvisioningFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Names of the instances that get another class, or more storage. */
interface Result {
  asked: string[];
}

/**
 * Gives instances of green the classes and the storage of `target.members`. One that has them, or is getting them, is left alone, so the task may run again;
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

async function changeMember(change: MemberChange, executionArn: string): Promise<string> {
  const { arn } = change;
  const instance = await readInstance(arn);
  const name = instance?.DBInstanceIdentifier;
  if (!instance || !name) throw new Busy(notYet(`RDS does not list ${arn} just now`, lookAtRds('green')));
  const lacks = lackedBy(instance, change);
  if (Object.keys(lacks).length === 0) return name;
  await requireGreenMark({ arn, resourceId: instance.DbiResourceId ?? '', id: name }, executionArn);
  await modifyMember(name, lacks);
  return name;
}

/** What an instance neither has nor is getting. RDS may round storage up. */
function lackedBy(
  { PendingModifiedValues: pending, ...has }: NonNullable<Awaited<ReturnType<typeof readInstance>>>,
  { instanceClass, allocatedGiB }: MemberChange,
): { DBInstanceClass?: string; AllocatedStorage?: number } {
  const storage = pending?.AllocatedStorage ?? has.AllocatedStorage ?? 0;
  return {
    ...(instanceClass &&
      (pending?.DBInstanceClass ?? has.DBInstanceClass) !== instanceClass && {
        DBInstanceClass: instanceClass,
      }),
    ...(allocatedGiB && storage < allocatedGiB && { AllocatedStorage: allocatedGiB }),
  };
}
