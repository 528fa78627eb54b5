import { readProductionId } from '../../aws/rds/names.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { asSide, readSideAgain } from '../../aws/rds/side.ts';
import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { wantedVersion } from '../../domain/build/wanted-version.ts';
import { judgeProduction } from '../../domain/cut/verification.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy, TestFailed, UnexpectedState } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { task } from '../../tasks/task.ts';

/**
 * Reads after the cut whether production is whole, and writes there as an application would. What may still settle is Busy; a failure leaves
 * everything as it is.
 */
export const handler = task('Verify production', async (event: WayBackEvent): Promise<Deployment> => {
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
  if (verdict.kind === 'not-yet') throw new Busy(verdict);
  await requireWrites(event);
  return { ...deployment, status: record?.status, blue: verdict.facts.oldBlue, green: verdict.facts.green };
});

/**
 * Where the databases can be asked, the proof that an application can write: a gate that was left open on another server would keep it read-only
 * for ever while everything that RDS says is well.
 */
async function requireWrites(event: WayBackEvent): Promise<void> {
  const { wayBack, request } = event;
  if (!wayBack.possible) return;
  const { writable, held } = await insist('probe-write', {
    ...questionOf(event),
    ...(await readPlace(event, 'green')),
    applicationRoles: request.wayBack.applicationRoles,
  });
  const closed = wayBack.databases.filter((name) => !writable[name]);
  if (held.length > 0)
    throw new Busy(
      notYet(
        `these roles may still not write on new production: ${held.join(', ')}`,
        'look which default of the role or of the database keeps it read-only (pg_db_role_setting), and reset it',
      ),
    );
  if (closed.length > 0)
    throw new Busy(
      notYet(
        `new production takes no writes in ${closed.join(', ')}`,
        'look which default or parameter keeps it read-only',
      ),
    );
}
