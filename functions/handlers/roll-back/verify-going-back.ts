import { readAddressedId } from '../../aws/facts/production-address.ts';
import { readSidesAgain } from '../../aws/rds/side.ts';
import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { task } from '../../tasks/task.ts';

/** Proves by resource id and by a write that the target serves, and that new production takes none. */
export const handler = task('Verify going back', async (event: WayBackEvent): Promise<Deployment> => {
  const { request, deployment } = event;
  const production = await readAddressedId(request, deployment);
  if (production !== targetOf(deployment).resourceId)
    throw new Busy(
      notYet(
        `${nameAddress(request, deployment.database.id)} leads to ${production ?? 'nothing'}, not to blue`,
        'lead it to blue by hand: everything else of going back is done',
      ),
    );
  await requireWritable(event, 'green', false);
  await requireWritable(event, 'target', true);
  return readSidesAgain(deployment);
});

async function requireWritable(
  event: WayBackEvent,
  side: 'target' | 'green',
  wanted: boolean,
): Promise<void> {
  const { writable } = await insist('probe-write', {
    ...questionOf(event),
    ...(await readPlace(event, side)),
    applicationRoles: [],
  });
  const wrong = event.wayBack.databases.filter((name) => writable[name] !== wanted);
  if (wrong.length > 0)
    throw new Busy(
      notYet(
        `${side} ${wanted ? 'takes no writes' : 'still takes writes'} in ${wrong.join(', ')}`,
        wanted
          ? 'look which default or parameter keeps it read-only'
          : 'close it by hand before anybody writes there',
      ),
    );
}
