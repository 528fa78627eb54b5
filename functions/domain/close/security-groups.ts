/** A security group of a cluster, as RDS describes it. */
export interface SecurityGroup {
  id: string;
  /** `active`, or what RDS is still doing with it. */
  status: string;
}

/**
 * How far a cluster has come to certain security groups: those and no others are on it, and that is in effect. A group beside them could
 * let somebody in, one that is missing keeps somebody out.
 */
export function judgeGroups(
  groups: SecurityGroup[],
  wanted: string[],
): 'in-effect' | 'in-progress' | 'other' {
  const isWanted = groups.every(({ id }) => wanted.includes(id));
  const isWhole = groups.length > 0 && wanted.every((id) => groups.some((group) => group.id === id));
  if (!isWanted || !isWhole) return 'other';
  return groups.every(({ status }) => status === 'active') ? 'in-effect' : 'in-progress';
}
