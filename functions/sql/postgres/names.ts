import { createHash } from 'node:crypto';
import { probeRole } from '../../domain/way-back/by-hand.ts';

/** One name a database for publication and subscription: both live inside it. */
export const publication = 'viridian_way_back';
export const subscription = 'viridian_way_back';
/** The reverse stream signs in with it. */
export const replicationRole = 'viridian_replication';
/** Stands for an application where a fence is proved. */
export { probeRole };
/** Roles that are ours alone, by what the setup file calls them. */
export const ownRoles = ['viridian', replicationRole, probeRole];
/** Holds our tables and functions; not a part of what is compared. */
export const ownSchema = 'viridian';

const slotPrefix = 'viridian_way_back_';

/** Matches the slots of all databases, in SQL's LIKE. */
export const slotPattern = 'viridian\\_way\\_back\\_%';

/**
 * The slot of a database. Slots share one name space a server and allow only `[a-z0-9_]`, 63 bytes; a name that had to
 * be changed for that carries a digest, so that two databases never share a slot.
 */
export function slotName(database: string): string {
  const plain = database.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  if (plain === database && slotPrefix.length + plain.length <= 63) return slotPrefix + plain;
  const digest = createHash('sha256').update(database).digest('hex').slice(0, 12);
  return `${slotPrefix}${plain.slice(0, 63 - slotPrefix.length - digest.length - 1)}_${digest}`;
}
