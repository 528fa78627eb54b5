import { ends } from '../model/ends.ts';
import { resumesWrites } from '../model/hook-states.ts';
import { isRead } from '../model/reading.ts';
import { nameAddress, recordAddressOf } from '../way-back/address.ts';
import { didNothing } from './advice-roll-back.ts';
import type { OutcomeFacts } from './facts.ts';
import { sideThatServes } from './leftovers.ts';

/** Which database takes writes now, as far as it is proved, and whether a hook still holds them. */
export function describeWritable(facts: OutcomeFacts): string[] {
  return [...describeHeldDatabase(facts), describeServing(facts), ...describeHeldWrites(facts)];
}

function describeServing({ end, request, deployment, endState, failure }: OutcomeFacts): string {
  const { serves } = ends[end];
  const { database } = deployment;
  const { production } = endState;
  const name = nameAddress(request, database?.id ?? 'the production name');
  const seen = isRead(production)
    ? production.value === null
      ? `Just now nothing had the name ${name}`
      : `Just now ${name} led to ${production.value}`
    : `It could not be read just now: ${production.unreadable}`;
  if (serves === 'unknown' && didNothing({ failure }))
    return 'NOT READ. This execution opened and closed nothing: the database that took writes before still takes them';
  if (serves === 'unknown') {
    return `NOT PROVED. Assume neither side. ${seen}`;
  }
  const side = sideThatServes(deployment, serves);
  if (!side) {
    return serves === 'green'
      ? 'New production, as before: this execution changed nothing'
      : 'Blue, as before: this run changed nothing';
  }
  if (isRead(production) && production.value !== side.resourceId) {
    return `LOOK NOW. The run ended with ${serves} (${side.resourceId}) serving. ${seen}`;
  }
  const role = roleOf(serves, side === deployment.clone);
  const where = `${name} ${recordAddressOf(request) ? 'leads to' : 'is'} ${role}: ${side.resourceId}, ${database?.engine ?? ''} ${side.engineVersion}, ${side.endpoint}`;
  return isRead(production) ? where : `${where}, as last proved. ${seen}`;
}

function roleOf(serves: 'blue' | 'green', isClone: boolean): string {
  if (serves === 'green') return 'new production, the former green';
  return isClone
    ? 'the clone of old blue that the way back led to, with one writer, no readers and no endpoints of its own'
    : 'blue, the database from before the change';
}

/** A database that serves, or may, and that our own gate or fence keeps from taking writes: that comes before its name. */
function describeHeldDatabase({ standing = [] }: OutcomeFacts): string[] {
  return standing
    .filter(({ kind, hurts }) => hurts && ['held roles', 'closed database', 'unread'].includes(kind))
    .map(({ kind, on, what }) =>
      kind === 'unread'
        ? `NOT KNOWN whether writes are held on ${on}: ${what}`
        : `WRITES ARE HELD on ${on}: ${what}. What frees them stands below`,
    );
}

/** Writes that a stopWrites hook holds flow again only when the resumeWrites hook has confirmed it. */
function describeHeldWrites(facts: OutcomeFacts): string[] {
  const { end, request, failure, cleanupFailure, early } = facts;
  const hooks = (request as { hooks?: { stopWrites?: unknown } } | null | undefined)?.hooks;
  const isUnknown = ends[end].serves === 'unknown';
  const refused = [failure, cleanupFailure].some((one) => one && resumesWrites(one.state));
  if (hooks?.stopWrites && refused)
    return ['Your resumeWrites hook did not confirm: writes may still be held'];
  if (isUnknown && early)
    return [`Writes go on at ${early.at}: new production had proved that it takes them before RDS was done`];
  return hooks?.stopWrites && isUnknown ? ['Writes that your stopWrites hook holds were NOT resumed'] : [];
}
