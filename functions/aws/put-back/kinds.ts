import type { Kept } from '../../domain/close/put-back.ts';
import { isRead } from '../../domain/model/reading.ts';
import type { RawSide } from '../rds/side.ts';
import { attempt } from '../readings.ts';
import { eventSubscriptions } from './event-subscriptions.ts';
import { iamRoles } from './iam-roles.ts';
import { proxies } from './proxies.ts';

/** `isOver`: RDS is not switching over any more. */
interface When {
  isOver: boolean;
}

/** Compares the former production with the side that serves. */
type Kind = (former: RawSide, serving: RawSide, when: When) => Kept[] | Promise<Kept[]>;

/** By what an outcome calls them. A kind is a file beside this one, with an entry here. */
const kinds: Record<string, Kind> = {
  'IAM roles': iamRoles,
  'event subscriptions': eventSubscriptions,
  'RDS proxies': proxies,
};

/** Everything that a deployment drops or leaves behind. A kind that cannot be read is lacking as a whole. */
export async function readKept(former: RawSide, serving: RawSide, when: When): Promise<Kept[]> {
  const found = await Promise.all(
    Object.entries(kinds).map(async ([what, kind]): Promise<Kept[]> => {
      const kept = await attempt(Promise.resolve(kind(former, serving, when)));
      return isRead(kept)
        ? kept.value
        : [{ what, state: 'lacking', because: `they could not be read (${kept.unreadable})` }];
    }),
  );
  return found.flat();
}
