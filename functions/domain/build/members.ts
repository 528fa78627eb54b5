import type { Member, Side } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';

type Asked = Pick<Request['target'], 'members' | 'instanceClass'>;

/** The class that the counterpart of a member of blue is to have. */
export function classWanted(
  { members, instanceClass }: Asked,
  { id, role, instanceClass: own }: Member,
): string {
  const asked = members.find(({ member }) => member === id)?.instanceClass;
  return asked ?? ((role === 'writer' && instanceClass) || own);
}

/** A change of one instance of green. */
export interface MemberChange {
  /** Names the instance of green. */
  arn: string;
  /** Undefined: as it is. */
  instanceClass?: string | undefined;
  allocatedGiB?: number | undefined;
}

/**
 * What is to be changed of green, by the rows in which RDS pairs the instances of both sides.
 * @returns a text where an instance of blue has no counterpart
 */
export function planMembers(
  { members }: Pick<Asked, 'members'>,
  blue: Side,
  pairs: readonly { source: string; target?: string }[],
): MemberChange[] | string {
  const changes: MemberChange[] = [];
  for (const { member, instanceClass, allocatedGiB } of members) {
    const source = blue.members.find(({ id }) => id === member)?.arn;
    const arn = pairs.find((pair) => pair.source === source)?.target;
    if (source === undefined || arn === undefined)
      return `${member}, which target.members names, has no counterpart on green`;
    changes.push({ arn, instanceClass, allocatedGiB });
  }
  return changes;
}
