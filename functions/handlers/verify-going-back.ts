import { readAddressedId } from '../aws/read-address.ts';
import { readSidesAgain } from '../aws/read-side.ts';
import { nameAddress } from '../domain/address.ts';
import type { Deployment } from '../domain/deployment.ts';
import { Busy } from '../domain/errors.ts';
import { targetOf } from '../domain/rollback-target.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Proves by resource id and by a write that the target serves, and that new production takes none. */
export const handler = task('Verify going back', async (event: WayBackEvent): Promise<Deployment> => {
  const { request, deployment } = event;
  const production = await readAddressedId(request, deployment);
  if (production !== targetOf(deployment).resourceId)
    throw new Busy(`${nameAddress(request, deployment.database.id)} leads to ${production ?? 'nothing'}`);
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
    ...(await readPlace(event.deployment, side)),
  });
  const wrong = event.wayBack.databases.filter((name) => writable[name] !== wanted);
  if (wrong.length > 0)
    throw new Busy(`${side} ${wanted ? 'takes no writes' : 'still takes writes'} in ${wrong.join(', ')}`);
}
