import { completeDeployment } from '../../aws/facts/complete-deployment.ts';
import { readEndState } from '../../aws/facts/end-state.ts';
import { explainLate } from '../../aws/step-functions/last-look.ts';
import { readEarlyRelease } from '../../databases/early-release.ts';
import { readStandingFacts } from '../../databases/standing.ts';
import { type Baseline, warnOfBaseline } from '../../domain/bake/baseline.ts';
import type { Baked } from '../../domain/bake/report.ts';
import type { Statistics } from '../../domain/build/statistics.ts';
import type { Deployment, Finding, Serving } from '../../domain/model/deployment.ts';
import { isEndName } from '../../domain/model/ends.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import { type Failure, isError } from '../../domain/model/failure.ts';
import { composeOutcome, type Outcome } from '../../domain/outcome/outcome.ts';
import { describeReaders } from '../../domain/outcome/readers.ts';
import { listStanding } from '../../domain/outcome/standing.ts';
import type { AcceptedLoss, Loss } from '../../domain/way-back/loss.ts';
import { predictWayBack, type WayBack, warnOfWayBack } from '../../domain/way-back/state.ts';
import { warnOfTakenIn } from '../../domain/way-back/taken-in.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  /** As it was given, when it was refused. */
  request: unknown;
  /** Empty when the run was refused early. */
  deployment: Partial<Deployment>;
  findings: Finding[];
  approval?: unknown;
  wayBack?: Partial<WayBack>;
  statistics?: Statistics | null;
  baseline?: Baseline;
  baked?: Baked;
  serving: Partial<Serving>;
  /** Of an execution that goes back. */
  run?: string | null;
  loss?: Loss | null;
  accepted?: AcceptedLoss | null;
  snapshot: { snapshotId?: string };
  failure: Failure | null;
  cleanupFailure: Failure | null;
  end: string;
  /** ISO time. */
  startedAt: string;
}

/** Reads what is true now and puts the end of the run into words. */
export const handler = task('Record outcome', async (event: Event): Promise<Outcome> => {
  const { end, serving, executionArn, run, loss, accepted } = event;
  if (!isEndName(end)) throw new UnexpectedState(`the run has no end called "${end}"`);
  const deployment = await completeDeployment(event.deployment, executionArn).catch(() => event.deployment);
  const endState = await readEndState(deployment, event.snapshot.snapshotId, event.request);
  const early = await readEarlyRelease({ ...event, deployment });
  const { wayBack = {} } = event;
  const standing = await readStandingFacts(
    { ...event, executionArn: run ?? executionArn, deployment },
    endState.production,
  );
  return composeOutcome({
    ...event,
    failure: await explainFailure(event.failure, executionArn),
    cleanupFailure: await explainFailure(event.cleanupFailure, executionArn),
    deployment,
    end,
    findings: [
      ...event.findings,
      ...warnOfWayBack({ lost: await explainLate(executionArn, wayBack.late, wayBack.lost ?? '') }),
      ...warnOfTakenIn(early?.takenIn),
      ...warnOfBaseline(event.baseline),
      ...(end === 'Dry run passed: nothing was changed' ? predictWayBack(event.wayBack) : []),
    ],
    now: clock.now(),
    runbook: env('RUNBOOK'),
    going: { run: run ?? null, loss: loss ?? null, accepted: accepted ?? null },
    ...(serving.because && {
      servingBecause: await explainLate(executionArn, serving.late, serving.because),
    }),
    ...(early && { early }),
    endState,
    standing: standing ? listStanding(standing) : [],
    readers: standing ? describeReaders(standing) : [],
  });
});

async function explainFailure(failure: Failure | null, executionArn: string): Promise<Failure | null> {
  if (!failure) return null;
  const late = isError(failure.error, 'BlueGreen.NotReadyInTime') ? failure.state : undefined;
  return { ...failure, cause: await explainLate(executionArn, late, failure.cause) };
}
