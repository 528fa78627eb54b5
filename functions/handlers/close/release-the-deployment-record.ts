import { classifyError } from '../../aws/errors.ts';
import { askForMarks } from '../../aws/facts/marks.ts';
import { readAddressedId } from '../../aws/facts/production-address.ts';
import type { DeploymentRecord } from '../../aws/rds/deployment.ts';
import { fenceOldBlue } from '../../aws/rds/fence-old-blue.ts';
import { readProductionId } from '../../aws/rds/names.ts';
import { readOurRecord } from '../../aws/rds/own-deployment.ts';
import { asSide, readSideAgain } from '../../aws/rds/side.ts';
import { deleteDeploymentRecord } from '../../aws/rds/write.ts';
import type { Mark } from '../../domain/close/mark.ts';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase, pairPhase } from '../../domain/model/phase.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

const keptBecause =
  'deleting the record lets old blue of Aurora be written again, and the request names no oldBlue.fenceSecurityGroup to prevent that';

/**
 * Marks both sides as this run's, then deletes the deployment's record and no database. On Aurora the record is what keeps
 * old blue from being written: there it goes only behind a proved fence.
 */
export const handler = task('Release the deployment record', async (event: RunEvent): Promise<Deployment> => {
  const { request, deployment, executionArn } = event;
  const sides = await readBothSides(deployment);
  await markSides(sides, executionArn);
  // Old blue stays in the run's data as it was after the cut: what differs from that later is somebody's doing.
  const after = { ...deployment, green: sides.green };
  const { fenceSecurityGroup } = request.oldBlue;
  if (deployment.database.kind === 'cluster') {
    if (!fenceSecurityGroup) return { ...after, recordReleased: false, recordKeptBecause: keptBecause };
    await refuseIfStillUsed(event);
    await fenceOldBlue(sides.blue.resourceId, deployment.database.id, fenceSecurityGroup);
  }
  const record = await readOurRecord(deployment, executionArn);
  const keptFor = record && deploymentPhase(record.status) !== 'deleting' ? await release(record) : undefined;
  if (keptFor) return { ...after, recordReleased: false, recordKeptBecause: keptFor };
  return { ...after, recordReleased: true };
});

/** By every member, which names the run as the lock while there is no record, and says which side it is. */
function markSides({ blue, green }: { blue: Side; green: Side }, executionArn: string): Promise<void> {
  const asMarked = (side: Side, mark: Mark) =>
    [side, ...side.members].map(({ arn, resourceId }) => ({ arn, resourceId, mark }));
  const all = [...asMarked(green, 'new-production'), ...asMarked(blue, 'old-blue')];
  const each = new Map(all.map((one) => [one.arn, one]));
  return askForMarks([...each.values()], executionArn);
}

async function readBothSides({ database, blue, green }: Deployment): Promise<{ blue: Side; green: Side }> {
  const [production, oldBlue, newProduction] = await Promise.all([
    readProductionId(database),
    readSideAgain(database.kind, blue),
    green && readSideAgain(database.kind, green),
  ]);
  if (!newProduction || production !== green?.resourceId)
    throw new CleanupIncomplete(
      `${database.id} leads to ${production ?? 'nothing'}, not to the former green; the record is kept`,
    );
  if (!oldBlue) throw new CleanupIncomplete(`old blue (${blue.resourceId}) is gone; the record is kept`);
  return { blue: asSide(oldBlue), green: asSide(newProduction) };
}

/** A record of Route 53 may have been led to old blue by a person: behind the fence nobody would reach it. */
async function refuseIfStillUsed({ request, deployment }: RunEvent): Promise<void> {
  const leadsTo = await readAddressedId(request, deployment);
  if (leadsTo !== deployment.green?.resourceId)
    throw new CleanupIncomplete(
      `${nameAddress(request, deployment.database.id)} leads to ${leadsTo ?? 'nothing'}, not to the former green; old blue is not fenced, the record is kept`,
    );
}

/** @returns why the record was kept: a right that RDS asks for and this role has not, or not on these databases, ends no run. */
async function release({ id, status, pairs }: DeploymentRecord): Promise<string | undefined> {
  const phase = deploymentPhase(status);
  if (phase === 'unknown')
    throw new Busy(
      notYet(`the deployment ${id} is ${status}, which is not known`, lookAtRds('the deployment')),
    );
  if (phase !== 'switched' || pairs.some((pair) => pairPhase(pair.status) !== 'switched'))
    throw new CleanupIncomplete(
      `the deployment ${id} is ${status}, and not every member is switched; the record is kept`,
    );
  try {
    await deleteDeploymentRecord(id);
    return undefined;
  } catch (error) {
    if (classifyError(error) !== 'denied') throw error;
    return `AWS does not let this function delete the record ${id}: ${(error as Error).message}`;
  }
}
