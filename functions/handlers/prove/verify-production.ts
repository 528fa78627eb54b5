import { readProductionId } from '../../aws/rds/names.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { asSide, readSideAgain } from '../../aws/rds/side.ts';
import { wantedVersion } from '../../domain/build/wanted-version.ts';
import { judgeProduction } from '../../domain/cut/verification.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, TestFailed, UnexpectedState } from '../../domain/model/errors.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Reads after the cut whether production is whole. What may still settle is Busy; a failure leaves everything as it is. */
export const handler = task('Verify production', async (event: RunEvent): Promise<Deployment> => {
  const { request, deployment, executionArn } = event;
  const { database, blue, green } = deployment;
  if (!green) throw new UnexpectedState('the run does not know what green is');
  const [record, production, rawGreen, rawBlue] = await Promise.all([
    readOurRecord(deployment, executionArn),
    readProductionId(database),
    readSideAgain(database.kind, green),
    readSideAgain(database.kind, blue),
  ]);
  const verdict = judgeProduction({
    database,
    engineVersion: wantedVersion(request, deployment) ?? green.engineVersion,
    production,
    expected: green.resourceId,
    green: rawGreen && asSide(rawGreen),
    oldBlue: rawBlue && asSide(rawBlue),
    record,
  });
  if (verdict.kind === 'no') throw new TestFailed(verdict.because);
  if (verdict.kind === 'not-yet') throw new Busy(verdict.because);
  return { ...deployment, status: record?.status, blue: verdict.facts.oldBlue, green: verdict.facts.green };
});
