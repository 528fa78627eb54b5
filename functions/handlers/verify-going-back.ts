import { readAddressedId } from '../aws/read-address.ts';
import { asSide, readSideAgain } from '../aws/read-side.ts';
import { nameAddress } from '../domain/address.ts';
import type { Deployment } from '../domain/deployment.ts';
import { Busy } from '../domain/errors.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Proves by resource id and by a write that blue serves, and that new production takes none. */
export const handler = task('Verify going back', async (event: WayBackEvent): Promise<Deployment> => {
  const { request, deployment } = event;
  const { database, blue, green } = deployment;
  const production = await readAddressedId(request, deployment);
  if (production !== blue.resourceId)
    throw new Busy(`${nameAddress(request, database.id)} leads to ${production ?? 'nothing'}`);
  await requireWritable(event, 'green', false);
  await requireWritable(event, 'blue', true);
  const [blueNow, greenNow] = await Promise.all([
    readSideAgain(database.kind, blue),
    green && readSideAgain(database.kind, green),
  ]);
  return {
    ...deployment,
    ...(blueNow && { blue: asSide(blueNow) }),
    ...(greenNow && { green: asSide(greenNow) }),
  };
});

async function requireWritable(event: WayBackEvent, side: 'blue' | 'green', wanted: boolean): Promise<void> {
  const { writable } = await insist('probe-write', {
    ...questionOf(event),
    ...(await readPlace(event.deployment, side)),
  });
  const wrong = event.wayBack.databases.filter((name) => writable[name] !== wanted);
  if (wrong.length > 0)
    throw new Busy(`${side} ${wanted ? 'takes no writes' : 'still takes writes'} in ${wrong.join(', ')}`);
}
