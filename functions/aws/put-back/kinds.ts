import type { Kept } from '../../domain/close/put-back.ts';
import { isRead } from '../../domain/model/reading.ts';
import { attempt } from '../readings.ts';
import { alarms } from './alarms.ts';
import { backups } from './backups.ts';
import { customEndpoints } from './custom-endpoints.ts';
import { eventSubscriptions } from './event-subscriptions.ts';
import { iamRoles } from './iam-roles.ts';
import { monitoring } from './monitoring.ts';
import { proxies } from './proxies.ts';
import { scaling } from './scaling.ts';
import type { Sides } from './sides.ts';
import { tags } from './tags.ts';

/** Compares the former production with the side that serves. */
type Kind = (sides: Sides) => Kept[] | Promise<Kept[]>;

/** By what an outcome calls them. A kind is a file beside this one, with an entry here. */
const kinds: Record<string, Kind> = {
  'IAM roles': iamRoles,
  'Aurora Auto Scaling': scaling,
  alarms,
  tags,
  'event subscriptions': eventSubscriptions,
  'custom endpoints': customEndpoints,
  'RDS proxies': proxies,
  monitoring,
  'AWS Backup': backups,
};

/** Everything that stands beside a database and that a deployment may drop. A kind that cannot be read is lacking as a whole. */
export async function readKept(sides: Sides): Promise<Kept[]> {
  const found = await Promise.all(
    Object.entries(kinds).map(async ([what, kind]): Promise<Kept[]> => {
      const kept = await attempt((async () => kind(sides))());
      return isRead(kept)
        ? kept.value
        : [{ what, state: 'lacking', because: `they could not be read (${kept.unreadable})` }];
    }),
  );
  return found.flat();
}
