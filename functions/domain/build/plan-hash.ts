import { createHash } from 'node:crypto';
import type { Side } from '../model/deployment.ts';

/** What is being changed. An approval is for exactly this. */
export interface Plan {
  deploymentId: string;
  blue: Side;
  green: Side;
}

/**
 * Digest of a plan: the deployment, both sides by resource id, their versions, parameter groups and classes. What comes and goes while
 * people think is left out: a status, an endpoint, the order of members, storage that grows by itself, which instance of a cluster is
 * the writer. What else changes is seen by the comparison of the sides, which the final check makes again.
 * @returns SHA-256 in hexadecimal
 */
export function planHash({ deploymentId, blue, green }: Plan): string {
  const content = JSON.stringify({ blue: planned(blue), deploymentId, green: planned(green) });
  return createHash('sha256').update(content).digest('hex');
}

/** Both sides of a plan that is not any more what was checked: what changed, from what to what. */
export function describeChangedPlan(
  before: { blue: Side; green?: Side },
  now: { blue: Side; green?: Side },
): string {
  const changes = [
    ...describeChanges(before.blue, now.blue),
    ...(before.green && now.green ? describeChanges(before.green, now.green) : []),
  ];
  const what = changes.join('; ') || 'the deployment itself was exchanged';
  return `blue or green is not any more what was checked: ${what}. Look at who changed it, then start again`;
}

/** What differs between two readings of a side that a plan is about, each as field, from, to. */
export function describeChanges(before: Side, now: Side): string[] {
  const [was, is] = [planned(before), planned(now)];
  const side = differences(before.id, was, is);
  const gone = was.members.filter(
    ({ resourceId }) => !is.members.some((one) => one.resourceId === resourceId),
  );
  const come = is.members.filter(
    ({ resourceId }) => !was.members.some((one) => one.resourceId === resourceId),
  );
  const changed = was.members.flatMap((member) => {
    const again = is.members.find(({ resourceId }) => resourceId === member.resourceId);
    return again ? differences(nameOf(before, member.resourceId), member, again) : [];
  });
  return [
    ...side,
    ...gone.map(({ resourceId }) => `${nameOf(before, resourceId)} (${resourceId}) is gone`),
    ...come.map(({ resourceId }) => `${nameOf(now, resourceId)} (${resourceId}) is new`),
    ...changed.filter((change) => !side.includes(change)),
  ];
}

function differences(id: string, before: object, now: object): string[] {
  const later = now as Record<string, unknown>;
  return Object.entries(before)
    .filter(([field, value]) => field !== 'members' && value !== later[field])
    .map(([field, value]) => `${id}: ${field} was ${value} and is ${later[field]}`);
}

const nameOf = ({ members }: Side, resourceId: string): string =>
  members.find((member) => member.resourceId === resourceId)?.id ?? resourceId;

/** In the order of the alphabet: the digest is of this text, and an approval that is open outlives a new version of the stack. */
function planned({ resourceId, engineVersion, parameterGroup, members }: Side) {
  return {
    engineVersion,
    members: members
      .map((member) => ({
        engineVersion: member.engineVersion,
        instanceClass: member.instanceClass,
        multiAz: member.multiAz,
        parameterGroup: member.parameterGroup,
        resourceId: member.resourceId,
      }))
      .sort((a, b) => (a.resourceId < b.resourceId ? -1 : 1)),
    parameterGroup,
    resourceId,
  };
}
