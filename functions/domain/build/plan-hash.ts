import { createHash } from 'node:crypto';
import type { Side } from '../model/deployment.ts';

/** What is being changed. An approval is for exactly this. */
export interface Plan {
  deploymentId: string;
  blue: Side;
  green: Side;
}

/**
 * Digest of a plan: the deployment, both sides by resource id, their versions, parameter groups, classes and storage. What comes
 * and goes while people think (a status, an endpoint) is left out, and so is the order in which RDS lists members.
 * @returns SHA-256 in hexadecimal
 */
export function planHash({ deploymentId, blue, green }: Plan): string {
  const content = canonical({ deploymentId, blue: planned(blue), green: planned(green) });
  return createHash('sha256').update(content).digest('hex');
}

function planned({ resourceId, engineVersion, parameterGroup, storageGiB, members }: Side) {
  return {
    resourceId,
    engineVersion,
    parameterGroup,
    storageGiB,
    members: members
      .map((member) => ({
        resourceId: member.resourceId,
        role: member.role,
        instanceClass: member.instanceClass,
        engineVersion: member.engineVersion,
        parameterGroup: member.parameterGroup,
        multiAz: member.multiAz,
      }))
      .sort((a, b) => (a.resourceId < b.resourceId ? -1 : 1)),
  };
}

/** JSON with the keys of every object in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
