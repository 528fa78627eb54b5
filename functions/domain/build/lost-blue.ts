import type { Member, Side } from '../model/deployment.ts';
import { isAutoscaled } from './readiness.ts';

/** Whether blue, as it was just read by its names, still has every database that the run knows; those of autoscaling come and go. */
export function isWhole(known: Side, now: Side | undefined): boolean {
  if (now?.resourceId !== known.resourceId) return false;
  return lasting(known).every((member) => {
    const again = now.members.find(({ resourceId }) => resourceId === member.resourceId);
    return again?.id === member.id && !isPromoted(member, again);
  });
}

/**
 * What has become of a blue that is not whole by its names, from a reading by resource id; undefined when that reading finds everything
 * where it was, so that the first one was only late.
 */
export function describeLostBlue(known: Side, now: Side | undefined): string | undefined {
  if (!now) return `blue (${known.id}, ${known.resourceId}) is gone: somebody has deleted it`;
  if (now.id !== known.id)
    return `blue (${known.resourceId}) was called ${known.id} and is called ${now.id}: somebody has renamed it`;
  for (const member of lasting(known)) {
    const again = now.members.find(({ resourceId }) => resourceId === member.resourceId);
    if (!again) return `${member.id} (${member.resourceId}) of blue is gone: somebody has deleted it`;
    if (again.id !== member.id)
      return `${member.resourceId} of blue was called ${member.id} and is called ${again.id}: somebody has renamed it`;
    if (isPromoted(member, again))
      return `${member.id} of blue replicated from ${member.replicaOf} and does not any more: somebody has promoted it`;
  }
  return undefined;
}

const lasting = ({ members }: Side): Member[] => members.filter(({ id }) => !isAutoscaled(id));
const isPromoted = (before: Member, now: Member): boolean =>
  before.replicaOf !== null && now.replicaOf === null;
