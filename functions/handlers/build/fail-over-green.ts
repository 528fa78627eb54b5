import { requireGreenMark } from '../../aws/facts/green-mark.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { readSide } from '../../aws/rds/side.ts';
import { failOverCluster, rebootWithFailover } from '../../aws/rds/write.ts';
import { type FailoverTest, placeOfWriter, planFailover } from '../../domain/build/failover.ts';
import { Busy, TestFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface Event extends RunEvent {
  /** `failover`: the way there, where a cluster is to be led back. */
  tests: { failover?: FailoverTest };
  /** When this leg was begun at the latest: an invocation before this one may have asked for it. */
  waitingSince: string;
}

/**
 * Fails green over, once a leg: a standby takes over, or a reader, and a cluster is led back afterwards. Green is found by its resource id in a
 * deployment of this run that is not being switched over, and IAM lets nothing be failed over without the mark that green alone can get.
 */
export const handler = task('Fail over green', async (event: Event): Promise<FailoverTest> => {
  const { deployment, executionArn, tests } = event;
  const { kind } = deployment.database;
  const there = tests.failover;
  const from = (there ? there.to : deployment.green && placeOfWriter(kind, deployment.green)) ?? '';
  const begun = { ...begin(there), from, startedAt: Date.parse(event.waitingSince) };
  await refuseUnlessBeforeTheCut(event);
  const green = await readSide(deployment, 'green');
  const step = planFailover(kind, green, { from, back: there?.from ?? null });
  if (step.kind === 'untested') throw new TestFailed(step.because);
  if (step.kind === 'already') return begun;
  await requireGreenMark(green, executionArn);
  const startedAt = clock.now();
  if (step.kind === 'reboot') await rebootWithFailover(step.instance);
  else await failOverCluster(step.cluster, step.to);
  return { ...begun, startedAt };
});

/** A leg of which nothing is known yet. */
function begin(there: FailoverTest | undefined): Omit<FailoverTest, 'from' | 'startedAt'> {
  const unknown = { untested: null, to: null, answersAfter: null, flowsAfter: null };
  if (!there) return { ...unknown, leg: 'there' };
  const { answersAfter, flowsAfter } = there;
  return { ...unknown, leg: 'back', there: { answersAfter, flowsAfter } };
}

async function refuseUnlessBeforeTheCut({ deployment, executionArn }: Event): Promise<void> {
  const record = await readOurRecord(deployment, executionArn);
  if (deploymentPhase(record?.status) === 'ready') return;
  const seen = `the deployment is ${record?.status ?? 'not listed'}, and green is failed over only while it waits`;
  if (record && deploymentPhase(record.status) === 'building')
    throw new Busy(notYet(seen, lookAtRds('the deployment')));
  throw new UnexpectedState(seen);
}
